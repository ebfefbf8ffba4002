import {
  createBatchedWriter,
  openRotatingFile,
  shiftFiles,
} from "../../../lib/observe/log_file.ts";
import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { setImmediate } from "node:timers/promises";

/** A file of logs in a folder of its own, with a clock, and what was told of trouble. */
async function open(settings: { path?: string; maxBytes?: number; maxFiles?: number } = {}) {
  const folder = await Deno.makeTempDir();
  const path = settings.path ?? join(folder, "logs", "log");
  const told: string[] = [];
  const clock = { now: 0 };
  const start = () =>
    openRotatingFile({ maxBytes: 100, maxFiles: 3, ...settings, path }, {
      broken: (reason) => void told.push(`broken: ${reason}`),
      recovered: () => void told.push("recovered"),
      stuck: (reason) => void told.push(`stuck: ${reason}`),
    }, () => clock.now);
  let file = start();
  return {
    path,
    told,
    clock,
    write: (text: string) => file.write(new TextEncoder().encode(text)),
    restart() {
      file.close();
      file = start();
    },
    names: () => Array.from(Deno.readDirSync(join(folder, "logs")), ({ name }) => name).toSorted(),
    read: (name = "log") => Deno.readTextFileSync(join(folder, "logs", name)),
    async [Symbol.asyncDispose]() {
      file.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

const line = (index: number) => `line ${String(index).padStart(2, "0")}\n`;

Deno.test("openRotatingFile() makes the folder and appends to what is there", async () => {
  await using file = await open();
  file.write("one\n");
  file.restart();
  file.write("two\n");
  assertEquals([file.read(), file.told], ["one\ntwo\n", []]);
});

Deno.test("openRotatingFile() begins a new file before one grows too large, and keeps some", async () => {
  await using file = await open({ maxBytes: 20 });
  for (let index = 0; index < 9; index++) {
    // What a file holds counts after a restart too.
    if (index === 3) file.restart();
    file.write(line(index));
  }
  assertEquals(file.names(), ["log", "log.1", "log.2"]);
  assertEquals(
    ["log.2", "log.1", "log"].map(file.read),
    [[4, 5], [6, 7], [8]].map((lines) => lines.map(line).join("")),
  );
});

Deno.test("openRotatingFile() writes what is larger than a file in one piece", async () => {
  await using file = await open({ maxBytes: 10 });
  file.write("a line\n".repeat(10));
  file.write("another\n");
  assertEquals([file.read("log.1"), file.read()], ["a line\n".repeat(10), "another\n"]);
});

Deno.test("openRotatingFile() ends a line that a lost process left unfinished", async () => {
  await using file = await open();
  file.write("half a li");
  file.restart();
  file.write("whole\n");
  assertEquals(file.read(), "half a li\nwhole\n");
});

Deno.test("openRotatingFile() goes on in the same file while it can't be renamed", async () => {
  await using file = await open({ maxBytes: 20, maxFiles: 2 });
  file.write(line(0));
  // Nothing can take the name of a folder that is not empty, as none of a file that is in use.
  await Deno.mkdir(`${file.path}.1/in the way`, { recursive: true });
  for (let index = 1; index < 8; index++) file.write(line(index));
  assertEquals(file.told.length, 1);
  assertMatch(file.told[0] ?? "", /^stuck: /);
  await Deno.remove(`${file.path}.1`, { recursive: true });
  file.write(line(8));
  assertEquals(file.read("log.1") + file.read(), [0, 1, 2, 3, 4, 5, 6, 7, 8].map(line).join(""));
  assertEquals(file.names(), ["log", "log.1"]);
});

Deno.test("openRotatingFile() tells once that a file can't be opened, and tries it again later", async () => {
  await using file = await open();
  await Deno.mkdir(file.path, { recursive: true });
  file.write(line(0));
  file.write(line(1));
  file.clock.now = 6000;
  file.write(line(2));
  assertEquals(file.told.length, 1);
  assertMatch(file.told[0] ?? "", /^broken: /);
  await Deno.remove(file.path);
  // Not yet: a disk that is full is not asked with each line.
  file.write(line(3));
  assertEquals(file.names(), []);
  file.clock.now = 12_000;
  file.write(line(4));
  assertEquals([file.read(), file.told.slice(1)], [line(4), ["recovered"]]);
});

Deno.test({
  name: "openRotatingFile() survives a full disk",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using file = await open({ path: "/dev/full" });
    file.write(line(0));
    file.clock.now = 6000;
    file.write(line(1));
    assertEquals(file.told, ["broken: No space left on device (os error 28)"]);
  },
});

Deno.test("openRotatingFile() begins anew where its file was moved or removed", async () => {
  await using file = await open();
  file.write("one\n");
  await Deno.rename(file.path, `${file.path}.moved`);
  file.clock.now = 1000;
  file.write("two\n");
  assertEquals([file.read("log.moved"), file.read()], ["one\n", "two\n"]);
  await Deno.remove(file.path);
  file.clock.now = 2000;
  file.write("three\n");
  // Another program has put a file of its own there.
  await Deno.remove(file.path);
  await Deno.writeTextFile(file.path, "theirs\n");
  file.clock.now = 3000;
  file.write("four\n");
  assertEquals([file.read(), file.told], ["theirs\nfour\n", []]);
});

Deno.test("openRotatingFile() makes no folder where a share is away, and all of it below the config", async () => {
  const root = await Deno.makeTempDir();
  const path = join(root, "share", "logs", "log");
  const broken: string[] = [];
  const listener = { broken: (why: string) => void broken.push(why), recovered() {}, stuck() {} };
  const settings = { path, maxBytes: 1000, maxFiles: 2 };
  const away = openRotatingFile(settings, listener);
  away.write(new TextEncoder().encode("a\n"));
  assertEquals([broken.length, Array.from(Deno.readDirSync(root)).length], [1, 0]);
  const own = openRotatingFile({ ...settings, isOwn: true }, listener);
  own.write(new TextEncoder().encode("b\n"));
  assertEquals(await Deno.readTextFile(path), "b\n");
  [away, own].forEach(({ close }) => close());
  await Deno.remove(root, { recursive: true });
});

Deno.test("openRotatingFile() makes no folder in the place of one that went away", {
  // It removes no folder in which a file is open; a share that goes away takes it along.
  ignore: Deno.build.os === "windows",
}, async () => {
  await using file = await open();
  file.write("one\n");
  const folder = join(file.path, "..");
  await Deno.remove(folder, { recursive: true });
  file.clock.now = 2000;
  file.write("two\n");
  assertEquals([file.told.length, file.told[0]?.startsWith("broken: ")], [1, true]);
  await Deno.mkdir(folder);
  file.clock.now = 8000;
  file.write("three\n");
  assertEquals([file.read(), file.told.at(-1)], ["three\n", "recovered"]);
});

/** Runs a test in a folder in which files of these names hold their names. */
async function inFolder(names: readonly string[], run: (path: string) => void): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of names) await Deno.writeTextFile(join(folder, name), name);
    run(join(folder, "log"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function contents(path: string, names: readonly string[]): readonly string[] {
  return names.map((name) => {
    try {
      return Deno.readTextFileSync(path.replace(/log$/, name));
    } catch {
      return "";
    }
  });
}

const NAMES = ["log", "log.1", "log.2", "log.3"];

Deno.test("shiftFiles() renames each file to the next, and the last one goes", () =>
  inFolder(["log", "log.1", "log.2"], (path) => {
    shiftFiles(path, 3);
    assertEquals(contents(path, NAMES), ["", "log", "log.1", ""]);
  }));

Deno.test("shiftFiles() moves nothing beyond a free name", () =>
  inFolder(["log", "log.1", "log.3"], (path) => {
    shiftFiles(path, 4);
    assertEquals(contents(path, NAMES), ["", "log", "log.1", "log.3"]);
  }));

Deno.test("shiftFiles() loses nothing where a file can't be renamed, however often", () =>
  inFolder(["log", "log.1"], (path) => {
    Deno.mkdirSync(`${path}.2/in the way`, { recursive: true });
    assertThrows(() => shiftFiles(path, 3), Error);
    assertThrows(() => shiftFiles(path, 3), Error);
    assertEquals(contents(path, NAMES), ["log", "log.1", "", ""]);
  }));

Deno.test("shiftFiles() has nothing to do where the file is gone", () =>
  inFolder(["log.1"], (path) => {
    shiftFiles(path, 3);
    assertEquals(contents(path, NAMES), ["", "log.1", "", ""]);
  }));

/** A writer, and what it has written each time. */
function written() {
  const chunks: string[] = [];
  const writer = createBatchedWriter((bytes) => void chunks.push(new TextDecoder().decode(bytes)));
  return { chunks, writer };
}

Deno.test("createBatchedWriter() writes what comes within one turn at once", async () => {
  const { chunks, writer } = written();
  writer.write("one\n");
  writer.write("two\n");
  assertEquals(chunks, []);
  await setImmediate();
  assertEquals(chunks, ["one\ntwo\n"]);
  writer.write("three\n");
  await setImmediate();
  assertEquals(chunks, ["one\ntwo\n", "three\n"]);
});

Deno.test("createBatchedWriter() flush() writes now, and nothing twice", async () => {
  const { chunks, writer } = written();
  writer.write("one\n");
  writer.flush();
  await setImmediate();
  assertEquals(chunks, ["one\n"]);
});
