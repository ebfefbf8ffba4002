import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { NoSmallFile, retryWhileBusy } from "../../../lib/util/files.ts";
import {
  createFileReader,
  holdTheSame,
  lookAgain,
  type SeenFile,
} from "../../../lib/util/watch_files.ts";
import { temporaryFolder } from "../../e2e/program.ts";
import { startWatch } from "./watched.ts";

const OFTEN = { pollMs: 20 };

Deno.test("watchFiles() sees when a file is written", async () => {
  await using watched = await startWatch(OFTEN);
  await Deno.writeTextFile(watched.file, "second");
  assertEquals(await watched.changed(), "second");
  await Deno.writeTextFile(watched.file, "third");
  assertEquals(await watched.changed(), "third");
  assertEquals(watched.untold(), []);
});

Deno.test("watchFiles() sees when a file is replaced by rename, again and again", async () => {
  await using watched = await startWatch(OFTEN);
  for (const text of ["second", "third"]) {
    const temporary = join(watched.folder, ".config.json.tmp");
    await Deno.writeTextFile(temporary, text);
    // As editors do it: on Windows it has to wait while the watch is just reading the file.
    await retryWhileBusy(() => Deno.rename(temporary, watched.file));
    assertEquals(await watched.changed(), text);
  }
});

Deno.test({
  name: "watchFiles() sees when the folder that a link leads through is swapped",
  // Links need a privilege there; nothing mounts a file so.
  ignore: Deno.build.os === "windows",
  async fn() {
    const mount = async (folder: string, name: string, text: string) => {
      await Deno.mkdir(join(folder, name));
      await Deno.writeTextFile(join(folder, name, "config.json"), text);
      await Deno.symlink(name, join(folder, "..data_tmp"));
      await Deno.rename(join(folder, "..data_tmp"), join(folder, "..data"));
    };
    await using watched = await startWatch(OFTEN, async (folder) => {
      await mount(folder, "..2026_01", "first");
      await Deno.symlink("..data/config.json", join(folder, "config.json"));
      return join(folder, "config.json");
    });
    await mount(watched.folder, "..2026_02", "second");
    await Deno.remove(join(watched.folder, "..2026_01"), { recursive: true });
    assertEquals(await watched.changed(), "second");
  },
});

Deno.test("watchFiles() sees when a file goes and comes back", async () => {
  await using watched = await startWatch(OFTEN);
  await Deno.remove(watched.file);
  assertEquals(await watched.changed(), "NotFound");
  await Deno.writeTextFile(watched.file, "second");
  assertEquals(await watched.changed(), "second");
});

Deno.test("watchFiles() sees nothing new when the same is saved again", async () => {
  await using watched = await startWatch(OFTEN);
  await Deno.writeTextFile(watched.file, "first");
  await Deno.utime(watched.file, 1, 1);
  await Deno.writeTextFile(watched.file, "second");
  assertEquals(await watched.changed(), "second");
  assertEquals(watched.untold(), []);
});

Deno.test("watchFiles() waits until a file that is written in parts changes no more", async () => {
  const waits: (() => void)[] = [];
  let asked = Promise.withResolvers<void>();
  await using watched = await startWatch({
    ...OFTEN,
    pause: (_ms, signal) =>
      new Promise((resolve) => {
        waits.push(resolve);
        signal.addEventListener("abort", () => resolve());
        asked.resolve();
        asked = Promise.withResolvers();
      }),
  });
  /** Lets time go on to the next wait. */
  async function goOn(): Promise<void> {
    while (waits.length === 0) await asked.promise;
    waits.shift()?.();
  }
  await Deno.writeTextFile(watched.file, "");
  for (const text of ["se", "seco", "second"]) {
    // Each wait stands before the next look, which sees another file each time.
    while (waits.length === 0) await asked.promise;
    await Deno.writeTextFile(watched.file, text);
    await goOn();
  }
  await goOn();
  assertEquals(await watched.changed(), "second");
  assertEquals(watched.untold(), []);
});

Deno.test("watchFiles() waits longer where a table ends within a line, as a half one does", async () => {
  let looks = 0;
  await using watched = await startWatch({
    ...OFTEN,
    pause: () => Promise.resolve(void looks++),
  }, async (folder) => {
    const file = join(folder, "table.csv");
    await Deno.writeTextFile(file, "first\n");
    return file;
  });
  for (
    const [text, wanted] of [
      ["id,limit\r\n4711,10", 7],
      ["id,limit\r\n4711,1000\r\n", 1],
      ["", 7],
      ["id\tlimit\n", 1],
    ] as const
  ) {
    // Time passes at once: whoever empties a file and fills it then would be seen in between.
    const whole = join(watched.folder, "whole");
    await Deno.writeTextFile(whole, text);
    looks = 0;
    await retryWhileBusy(() => Deno.rename(whole, watched.file));
    assertEquals(await watched.changed(), text);
    assert(
      looks >= wanted && (wanted > 1 || looks < 7),
      `${looks} looks at ${JSON.stringify(text)}`,
    );
  }
});

Deno.test("watchFiles() takes what is there for changed when it is told to", async () => {
  await using watched = await startWatch({ pollMs: 3_600_000 });
  watched.force();
  assertEquals(await watched.changed(), "first");
  watched.force();
  assertEquals(await watched.changed(), "first");
});

Deno.test("watchFiles() sees a file in a folder that is made later", async () => {
  await using watched = await startWatch(
    { pollMs: 20 },
    (folder) => Promise.resolve(join(folder, "missing", "config.json")),
  );
  await Deno.mkdir(join(watched.folder, "missing"));
  await Deno.writeTextFile(watched.file, "now there");
  assertEquals(await watched.changed(), "now there");
});

Deno.test("createFileReader() remembers a file as lookAgain() sees it, until it changes", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "key");
  const missing = join(folder.path, "missing");
  await Deno.writeTextFile(file, "the-key");
  const { read, seen } = createFileReader();
  assertEquals(new TextDecoder().decode(await read(file)), "the-key");
  await assertRejects(() => read(missing), Deno.errors.NotFound);
  assert(holdTheSame(seen, await lookAgain(seen)));
  assertEquals(JSON.stringify([...seen]).includes("the-key"), false);

  await Deno.writeTextFile(missing, "");
  assertEquals(holdTheSame(seen, await lookAgain(seen)), false);
  await Deno.remove(missing);
  // Of the same size, and perhaps within one step of the clock of the file system.
  await Deno.writeTextFile(file, "the-kez");
  assertEquals(holdTheSame(seen, await lookAgain(seen)), false);
});

/** A file, and how it would have been seen if it had been read long after it was written. */
async function seenLongAgo(path: string): Promise<ReadonlyMap<string, SeenFile>> {
  const { read, seen } = createFileReader();
  await read(path);
  return new Map(Array.from(seen, ([name, one]) => {
    return [name, { ...one, content: "as of then", trustedUntil: Infinity }];
  }));
}

Deno.test("lookAgain() opens no file whose size, times and number are the same", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "key");
  await Deno.writeTextFile(file, "the-key");
  const before = await seenLongAgo(file);
  assertEquals(await lookAgain(before), before);

  await Deno.utime(file, 1, 1);
  assertEquals(holdTheSame(before, await lookAgain(before)), false);
});

Deno.test("lookAgain() opens a file that was replaced by one of the same size and date", async () => {
  await using folder = await temporaryFolder();
  const [file, other] = [join(folder.path, "key"), join(folder.path, "other")];
  await Deno.writeTextFile(file, "the-key");
  await Deno.utime(file, 1, 1);
  const before = await seenLongAgo(file);
  await Deno.writeTextFile(other, "the-kez");
  await Deno.utime(other, 1, 1);
  await Deno.rename(other, file);
  assertEquals(holdTheSame(before, await lookAgain(before)), false);
});

Deno.test("lookAgain() trusts no stamp of a file that was changed just now", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "key");
  await Deno.writeTextFile(file, "the-key");
  const { read, seen } = createFileReader();
  await read(file);
  assertEquals(seen.get(file)?.trustedUntil, 0);
});

Deno.test("createFileReader() and lookAgain() open no file that may not be, by any name", async () => {
  await using folder = await temporaryFolder();
  const [journal, link, key] = ["journal.db", "link", "key"].map((one) => join(folder.path, one));
  if (journal === undefined || link === undefined || key === undefined) throw new Error("no names");
  await Deno.writeTextFile(journal, "not to be read");
  await Deno.writeTextFile(key, "the-key");
  await Deno.link(journal, link);
  const { read, seen } = createFileReader([journal]);
  const names = [journal, join(folder.path, "x", "..", "journal.db")];
  if (Deno.build.os !== "windows") names.push(link);
  for (const name of names) await assertRejects(() => read(name), Error, "a file of the journal");
  await read(key);
  if (Deno.build.os === "windows") return;
  await Deno.remove(key);
  await Deno.link(journal, key);
  const now = await lookAgain(seen, [journal]);
  assertEquals(now.get(key)?.content, "Error");
});

Deno.test({
  name: "createFileReader() and lookAgain() read no pipe, which would take from it or wait",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await temporaryFolder();
    const pipe = join(folder.path, "pipe");
    await new Deno.Command("mkfifo", { args: [pipe] }).output();
    const { read, seen } = createFileReader();
    await assertRejects(() => read(pipe), NoSmallFile, "it is a pipe");
    assert(holdTheSame(seen, await lookAgain(seen)));
  },
});
