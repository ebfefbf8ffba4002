import { assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { shiftFiles, writeAll } from "../../../../lib/observe/file/files.ts";

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

Deno.test("writeAll() goes on where only a part was taken", () => {
  const chunks: string[] = [];
  writeAll({
    writeSync(bytes) {
      const taken = bytes.subarray(0, 3);
      chunks.push(new TextDecoder().decode(taken));
      return taken.length;
    },
  }, new TextEncoder().encode("abcdefgh"));
  assertEquals(chunks, ["abc", "def", "gh"]);
});
