import { assertEquals, assertLess, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import {
  isFileBusy,
  MAX_FILE_BYTES,
  NoSmallFile,
  readSmallFile,
  retryWhileBusy,
  retryWhileBusySync,
  writeAllSync,
} from "../../../lib/util/files.ts";
import { temporaryFolder } from "../../e2e/program.ts";

Deno.test("readSmallFile() reads all of a file, up to the largest, and no larger one", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "file");
  for (const length of [0, 1, 65_536, 300_001, MAX_FILE_BYTES]) {
    const bytes = new Uint8Array(length).fill(length % 251);
    await Deno.writeFile(path, bytes);
    assertEquals(await readSmallFile(path), bytes);
  }
  await Deno.truncate(path, MAX_FILE_BYTES + 1);
  await assertRejects(() => readSmallFile(path), NoSmallFile, "it has more than 16777216 bytes");
});

Deno.test("readSmallFile() says what stands in the place of a file, and waits for none of it", async () => {
  await using folder = await temporaryFolder();
  await assertRejects(() => readSmallFile(folder.path), NoSmallFile, "it is a folder");
  if (Deno.build.os === "windows") return;
  const pipe = join(folder.path, "pipe");
  const link = join(folder.path, "link");
  await new Deno.Command("mkfifo", { args: [pipe] }).output();
  await Deno.symlink(pipe, link);
  const startedAt = performance.now();
  for (const path of [pipe, link, "/dev/zero", "/dev/null", "/dev/tty"]) {
    await assertRejects(() => readSmallFile(path), Error);
  }
  assertLess(performance.now() - startedAt, 5000);
});

Deno.test({
  name: "readSmallFile() reads files of the system, which have no size",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const text = new TextDecoder().decode(await readSmallFile("/proc/self/limits"));
    assertEquals(text.includes("Max open files"), true);
  },
});

Deno.test("writeAllSync() goes on where only a part was taken", () => {
  const chunks: string[] = [];
  writeAllSync({
    writeSync(bytes) {
      const taken = bytes.subarray(0, 3);
      chunks.push(new TextDecoder().decode(taken));
      return taken.length;
    },
  }, new TextEncoder().encode("abcdefgh"));
  assertEquals(chunks, ["abc", "def", "gh"]);
});

const busy = (number: number) => new Deno.errors.Busy(`In use. (os error ${number}): rename 'a'`);

/** Work that fails so often, and how often it was tried. */
function failing(times: number, error: Error) {
  const tried = { count: 0 };
  return {
    tried,
    work() {
      if (++tried.count <= times) throw error;
      return "done";
    },
  };
}

Deno.test("isFileBusy() knows what Windows says of a file in use, and no missing right", () => {
  assertEquals([32, 33, 303, 1224].map((number) => isFileBusy(busy(number), "windows")), [
    true,
    true,
    true,
    true,
  ]);
  // On Linux 32 is a broken pipe, and 5 a broken disk.
  assertEquals([isFileBusy(busy(32), "linux"), isFileBusy(busy(5), "windows")], [false, false]);
  assertEquals([isFileBusy("(os error 32)", "windows"), isFileBusy(busy(320), "windows")], [
    false,
    false,
  ]);
});

Deno.test("retryWhileBusy() tries again what is in use, until it is free", async () => {
  for (const number of [5, 32]) {
    const { tried, work } = failing(3, busy(number));
    assertEquals(await retryWhileBusy(async () => await work(), "windows"), "done");
    assertEquals(tried.count, 4);
  }
  const { tried, work } = failing(3, busy(32));
  assertEquals([retryWhileBusySync(work, "windows"), tried.count], ["done", 4]);
});

Deno.test("retryWhileBusy() tries nothing else again, and nothing for ever", async () => {
  for (const [error, os] of [[busy(2), "windows"], [busy(5), "linux"]] as const) {
    const { tried, work } = failing(1, error);
    await assertRejects(() => retryWhileBusy(async () => await work(), os), Deno.errors.Busy);
    assertThrows(() => retryWhileBusySync(failing(1, error).work, os), Deno.errors.Busy);
    assertEquals(tried.count, 1);
  }
  const { work } = failing(Infinity, busy(32));
  assertThrows(() => retryWhileBusySync(work, "windows"), Deno.errors.Busy);
  await assertRejects(() => retryWhileBusy(async () => await work(), "windows"), Deno.errors.Busy);
});
