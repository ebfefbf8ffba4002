import type { AttemptResult } from "../../../lib/forward/attempt.ts";
import { createFolderDestination, writeWhole } from "../../../lib/forward/folder_destination.ts";
import type { StoredEvent } from "../../../lib/forward/outbox.ts";
import { type FolderSettings, folderSettings } from "../../../lib/forward/settings.ts";
import { bytesOf, forwardOf, storedEvent } from "./samples.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";

const DELIVERED: AttemptResult = { delivered: true, status: null };

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function attemptInto(
  path: string,
  event: StoredEvent,
  parts: Partial<FolderSettings> = {},
): Promise<AttemptResult> {
  const settings = { ...folderSettings().parse({ type: "folder", path }), ...parts };
  return createFolderDestination(settings)
    .attempt(forwardOf(event), new AbortController().signal);
}

function failed(path: string, reason: string): AttemptResult {
  const error = `Cannot write to the folder ${JSON.stringify(path)}: ${reason}`;
  return { delivered: false, status: null, error, retryAfter: null };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).toSorted();
}

Deno.test("createFolderDestination() writes the event's own bytes and makes the folder", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "carts");
    const event = storedEvent({ payload: bytesOf('{ "total": 20.00 }') });
    assertEquals(await attemptInto(path, event), DELIVERED);
    const name = `20261121T083005007Z-cart.created-${event.id}.json`;
    assertEquals(await namesIn(path), [name]);
    assertEquals(await Deno.readTextFile(join(path, name)), '{ "total": 20.00 }');
  });
});

Deno.test("createFolderDestination() writes other names and formats", async () => {
  await withFolder(async (path) => {
    const event = storedEvent({ payload: bytesOf('{"a":\n1.50}') });
    await attemptInto(path, event, { format: "jsonl", name: "{source}_{id}" });
    await attemptInto(path, event, { format: "csv", name: "{source}_{id}" });
    assertEquals(await namesIn(path), [`emporix_${event.id}.csv`, `emporix_${event.id}.jsonl`]);
    assertEquals(await Deno.readTextFile(join(path, `emporix_${event.id}.jsonl`)), '{"a": 1.50}\n');
  });
});

Deno.test("createFolderDestination() writes an event that comes twice once", async () => {
  await withFolder(async (path) => {
    const event = storedEvent();
    assertEquals(await attemptInto(path, event), DELIVERED);
    const [name = ""] = await namesIn(path);
    const { ino, mtime } = await Deno.stat(join(path, name));
    assertEquals(await attemptInto(path, event), DELIVERED);
    const after = await Deno.stat(join(path, name));
    assertEquals([await namesIn(path), after.ino, after.mtime], [[name], ino, mtime]);
  });
});

Deno.test("createFolderDestination() writes an event once when it comes twice at once", async () => {
  await withFolder(async (path) => {
    const event = storedEvent();
    const results = await Promise.all([attemptInto(path, event), attemptInto(path, event)]);
    assertEquals(results, [DELIVERED, DELIVERED]);
    assertEquals((await namesIn(path)).length, 1);
  });
});

Deno.test("createFolderDestination() overwrites nobody else's file", async () => {
  await withFolder(async (path) => {
    const event = storedEvent();
    const file = join(path, `${event.id}.json`);
    await Deno.writeTextFile(file, "somebody else's");
    const result = await attemptInto(path, event, { name: "{id}" });
    assertEquals(result, failed(path, "another file has the event's name"));
    assertEquals(await Deno.readTextFile(file), "somebody else's");
  });
});

Deno.test("createFolderDestination() shows a watcher whole files only", async () => {
  await withFolder(async (path) => {
    const payload = bytesOf(JSON.stringify("x".repeat(5_000_000)));
    const watcher = Deno.watchFs(path);
    const watching = (async () => {
      const names = new Set<string>();
      for await (const { paths } of watcher) {
        for (const file of paths) {
          const name = file.slice(path.length + 1);
          names.add(name);
          if (name.startsWith(".")) continue;
          assertEquals((await Deno.stat(file)).size, payload.length);
          watcher.close();
        }
      }
      return names;
    })();
    const event = storedEvent({ payload });
    assertEquals(await attemptInto(path, event, { name: "{id}" }), DELIVERED);
    const names = [...await watching].toSorted();
    assertEquals(names.at(-1), `${event.id}.json`);
    assert(names.slice(0, -1).every((name) => /^\.[\da-f-]+\.json\.tmp-[\da-f]{16}$/.test(name)));
  });
});

Deno.test("createFolderDestination() says why it can't write, and leaves nothing behind", async () => {
  await withFolder(async (folder) => {
    const file = join(folder, "file");
    await Deno.writeTextFile(file, "");
    const event = storedEvent({ type: "secret" });
    assertEquals(await attemptInto(file, event), failed(file, "it is not a folder"));
    const below = join(file, "below");
    assertEquals(await attemptInto(below, event), failed(below, "it is not a folder"));
    assertEquals(await namesIn(folder), ["file"]);
  });
});

Deno.test("createFolderDestination() says when writing is not allowed", {
  permissions: { read: true, write: false },
}, async () => {
  const result = await attemptInto("exports", storedEvent());
  assertEquals(result, failed("exports", "this account may not write there"));
});

/** Where there are no modes, and for whoever may write everywhere, no folder can be closed off. */
const canCloseOff = Deno.build.os !== "windows" && Deno.uid() !== 0;
const reason = canCloseOff ? "" : " (skipped: this account may write everywhere)";

Deno.test(`createFolderDestination() comes back when the folder can be written again${reason}`, {
  ignore: !canCloseOff,
}, async () => {
  await withFolder(async (path) => {
    const event = storedEvent();
    await Deno.chmod(path, 0o555);
    const result = await attemptInto(path, event, { name: "{id}" });
    assertEquals(result, failed(path, "this account may not write there"));
    await Deno.chmod(path, 0o755);
    assertEquals(await attemptInto(path, event, { name: "{id}" }), DELIVERED);
    assertEquals(await namesIn(path), [`${event.id}.json`]);
  });
});

Deno.test("createFolderDestination() makes no folder where a share is away at start", async () => {
  await withFolder(async (folder) => {
    const missing =
      "it is not there; a share may be away, and a folder that was removed has to be made again";
    const unmounted = join(folder, "share", "out");
    assertEquals(await attemptInto(unmounted, storedEvent()), failed(unmounted, missing));
    const path = join(folder, "out");
    const destination = createFolderDestination(folderSettings().parse({ type: "folder", path }));
    await destination.prepare?.(true);
    const { signal } = new AbortController();
    const forward = forwardOf(storedEvent());
    assertEquals(await destination.attempt(forward, signal), failed(path, missing));
    assertEquals(await namesIn(folder), []);
  });
});

Deno.test("createFolderDestination() makes all of a path below the folder of the config, at any start", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "data", "carts");
    const settings = { ...folderSettings().parse({ type: "folder", path }), isOwn: true };
    const destination = createFolderDestination(settings);
    await destination.prepare?.(true);
    const { signal } = new AbortController();
    assertEquals(await destination.attempt(forwardOf(storedEvent()), signal), DELIVERED);
  });
});

Deno.test("createFolderDestination() makes no folder in the place of one that went away", async () => {
  await withFolder(async (folder) => {
    const path = join(folder, "share");
    const settings = folderSettings().parse({ type: "folder", path, name: "{id}" });
    const destination = createFolderDestination(settings);
    const { signal } = new AbortController();
    assertEquals(await destination.attempt(forwardOf(storedEvent()), signal), DELIVERED);
    await Deno.remove(path, { recursive: true });
    const missing =
      "it is not there; a share may be away, and a folder that was removed has to be " +
      "made again";
    const event = storedEvent();
    assertEquals(await destination.attempt(forwardOf(event), signal), failed(path, missing));
    assertEquals(await namesIn(folder), []);
    await Deno.mkdir(path);
    assertEquals(await destination.attempt(forwardOf(event), signal), DELIVERED);
    assertEquals(await namesIn(path), [`${event.id}.json`]);
  });
});

Deno.test("writeWhole() brings the bytes to the disk before they get their name, then the name", async () => {
  const steps: string[] = [];
  const short = (path: string) => path.replace(/\.tmp-[\da-f]{16}$/, ".tmp");
  await writeWhole("in", "a.json", bytesOf("{}"), {
    open(path) {
      const name = short(path);
      steps.push(`open ${name}`);
      return Promise.resolve({
        write(bytes: Uint8Array) {
          steps.push(`write ${bytes.length}`);
          // A call may take a part only.
          return Promise.resolve(1);
        },
        sync() {
          steps.push(`sync ${name}`);
          return Promise.resolve();
        },
        [Symbol.dispose]: () => void steps.push(`close ${name}`),
      });
    },
    rename(from, to) {
      steps.push(`rename ${short(from)} ${to}`);
      return Promise.resolve();
    },
    remove: () => Promise.reject(new Error("Nothing is to be removed")),
  });
  const temporary = join("in", ".a.json.tmp");
  assertEquals(steps, [
    `open ${temporary}`,
    "write 2",
    "write 1",
    `sync ${temporary}`,
    `close ${temporary}`,
    `rename ${temporary} ${join("in", "a.json")}`,
    "open in",
    "sync in",
    "close in",
  ]);
});

Deno.test("writeWhole() leaves nothing behind when the name can't be given", async () => {
  await withFolder(async (path) => {
    await Deno.mkdir(join(path, "taken"));
    await assertRejects(() => writeWhole(path, "taken", bytesOf("{}")), Error);
    assertEquals(await namesIn(path), ["taken"]);
  });
});

Deno.test("createFolderDestination() tidies up what a crash left behind", async () => {
  await withFolder(async (path) => {
    const old = join(path, ".1.json.tmp-0123456789abcdef");
    const fresh = join(path, ".2.json.tmp-0123456789abcdef");
    for (const file of [old, fresh, join(path, ".profile")]) await Deno.writeTextFile(file, "{");
    const yesterday = new Date(Date.now() - 86_400_000);
    await Deno.utime(old, yesterday, yesterday);
    const event = storedEvent();
    assertEquals(await attemptInto(path, event, { name: "{id}" }), DELIVERED);
    const left = [".2.json.tmp-0123456789abcdef", ".profile", `${event.id}.json`];
    assertEquals(await namesIn(path), left);
  });
});
