import { assertEquals } from "@std/assert";
import { setImmediate } from "node:timers/promises";
import { createBatchedWriter } from "../../../lib/observe/batched_writer.ts";

/** A stream that takes some bytes at a time. */
function stream(bytesAtOnce: number) {
  const chunks: string[] = [];
  return {
    chunks,
    writeSync(bytes: Uint8Array): number {
      const taken = bytes.subarray(0, bytesAtOnce);
      chunks.push(new TextDecoder().decode(taken));
      return taken.length;
    },
  };
}

Deno.test("createBatchedWriter() writes what comes within one turn at once", async () => {
  const { chunks, writeSync } = stream(100);
  const writer = createBatchedWriter(writeSync);
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
  const { chunks, writeSync } = stream(100);
  const writer = createBatchedWriter(writeSync);
  writer.write("one\n");
  writer.flush();
  await setImmediate();
  assertEquals(chunks, ["one\n"]);
});

Deno.test("createBatchedWriter() goes on where a stream took only a part", async () => {
  const { chunks, writeSync } = stream(3);
  const writer = createBatchedWriter(writeSync);
  writer.write("abcdefgh");
  writer.flush();
  assertEquals(chunks, ["abc", "def", "gh"]);
  // The end of the turn comes all the same, and finds nothing left to write.
  await setImmediate();
  assertEquals(chunks.length, 3);
});
