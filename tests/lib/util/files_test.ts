import { assertEquals, assertLess, assertRejects } from "@std/assert";
import { join } from "@std/path";
import {
  MAX_FILE_BYTES,
  NoSmallFile,
  readSmallFile,
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
