import { assertEquals } from "@std/assert";
import { setImmediate } from "node:timers/promises";
import { createBatchedWriter } from "../../../lib/observe/batched_writer.ts";

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
