import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { NoSmallFile } from "../../../lib/files/read_small_file.ts";
import {
  createFileReader,
  holdTheSame,
  lookAgain,
  type SeenFile,
} from "../../../lib/watch/seen_files.ts";
import { temporaryFolder } from "../../e2e/program.ts";

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
