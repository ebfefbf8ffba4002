import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { createFileReader, lookAt, looksTheSame } from "../../../lib/watch/seen_files.ts";
import { temporaryFolder } from "../../e2e/program.ts";

Deno.test("createFileReader() remembers a file as lookAt() sees it, until it changes", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "key");
  const missing = join(folder.path, "missing");
  await Deno.writeTextFile(file, "the-key");
  const { read, seen } = createFileReader();
  assertEquals(new TextDecoder().decode(await read(file)), "the-key");
  await assertRejects(() => read(missing), Deno.errors.NotFound);
  assert(looksTheSame(seen, await lookAt(seen.keys())));
  assertEquals(JSON.stringify([...seen]).includes("the-key"), false);

  await Deno.writeTextFile(missing, "");
  assertEquals(looksTheSame(seen, await lookAt(seen.keys())), false);
  await Deno.remove(missing);
  await Deno.writeTextFile(file, "the-kez");
  assertEquals(looksTheSame(seen, await lookAt(seen.keys())), false);
});

Deno.test({
  name: "lookAt() reads no pipe, which would take from it or wait",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await temporaryFolder();
    const pipe = join(folder.path, "pipe");
    await new Deno.Command("mkfifo", { args: [pipe] }).output();
    const { read, seen } = createFileReader();
    const writer = new Deno.Command("sh", { args: ["-c", `printf the-key > "${pipe}"`] }).spawn();
    assertEquals(new TextDecoder().decode(await read(pipe)), "the-key");
    await writer.status;
    assert(looksTheSame(seen, await lookAt(seen.keys())));
  },
});
