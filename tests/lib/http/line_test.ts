import { assertEquals } from "@std/assert";
import { createXSignature } from "../../../lib/auth/x_signature.ts";
import { walkLine } from "../../../lib/http/line.ts";
import { readBody } from "../../../lib/http/request/body.ts";
import { JournalUnavailable } from "../../../lib/journal/errors.ts";
import { memoryJournal } from "../../../lib/journal/memory/memory.ts";

const limits = { maxBodyBytes: 1000, bodyTimeoutMs: 1000 };

async function answerWithoutJournal(signingKey: string) {
  const auth = await createXSignature(["the-key"]);
  const signer = await createXSignature([signingKey]);
  const body = "{}";
  const request = new Request("http://host/a", {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      ...await signer.sign(new TextEncoder().encode(body)),
    },
    body,
  });
  const journal = {
    ...memoryJournal(),
    record: () => Promise.reject(new JournalUnavailable("the disk is full")),
  };
  const endpoint = {
    path: "/a",
    kind: "fake.kind",
    auth,
    rules: [],
    forwardTo: () => [],
    weighForwards: () => [],
    answer: () => ({ result: "{}", decisions: [] }),
  };
  return await walkLine(endpoint, request, "127.0.0.1", {
    readBody: (incoming) => readBody(incoming, limits),
    journal,
  });
}

Deno.test("walkLine() answers 503 when the journal can't be written", async () => {
  const response = await answerWithoutJournal("the-key");
  assertEquals([response.status, (await response.json()).code], [503, "unavailable"]);
});

Deno.test("walkLine() answers a stranger 401 even then: nothing is told of the journal", async () => {
  const response = await answerWithoutJournal("another-key");
  assertEquals([response.status, (await response.json()).code], [401, "signature_mismatch"]);
});
