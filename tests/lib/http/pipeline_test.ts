import { assertEquals } from "@std/assert";
import { createXSignature } from "../../../lib/auth/x_signature.ts";
import { readLimitedBody } from "../../../lib/http/body.ts";
import { createCapacity } from "../../../lib/http/limits.ts";
import { runPipeline } from "../../../lib/http/pipeline.ts";
import { Problem } from "../../../lib/http/problem/problem.ts";
import { JournalUnavailable } from "../../../lib/journal/errors.ts";
import { createAddressList } from "../../../lib/util/addresses.ts";
import { memoryJournal } from "../journal/memory/memory.ts";
import { fakeEndpoint } from "./fake_endpoint.ts";

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
  return await runPipeline(fakeEndpoint(auth), request, {
    address: "127.0.0.1",
    arrival: undefined,
  }, {
    readBody: (incoming) => readLimitedBody(incoming, limits),
    journal,
    capacity: createCapacity(1),
  });
}

Deno.test("runPipeline() answers 503 when the journal can't be written", async () => {
  const response = await answerWithoutJournal("the-key");
  assertEquals([response.status, (await response.json()).code], [503, "unavailable"]);
});

Deno.test("runPipeline() answers a stranger 401 even then: nothing is told of the journal", async () => {
  const response = await answerWithoutJournal("another-key");
  assertEquals([response.status, (await response.json()).code], [401, "signature_mismatch"]);
});

Deno.test("runPipeline() answers 503 beyond its capacity, signed and not recorded, until there is room", async () => {
  const auth = await createXSignature(["the-key"]);
  const journal = memoryJournal();
  const waiting = Promise.withResolvers<void>();
  const inside = Promise.withResolvers<void>();
  const endpoint = fakeEndpoint(auth, {
    async answer() {
      inside.resolve();
      await waiting.promise;
      return { result: "{}", decisions: [] };
    },
  });
  const tools = {
    readBody: (incoming: Request) => readLimitedBody(incoming, limits),
    journal,
    capacity: createCapacity(1),
  };
  const send = async () => {
    const headers = await auth.sign(new TextEncoder().encode("{}"));
    const request = new Request("http://host/a", { method: "POST", headers, body: "{}" });
    request.headers.set("Content-Type", "application/json");
    return await runPipeline(
      endpoint,
      request,
      { address: "127.0.0.1", arrival: undefined },
      tools,
    );
  };
  const first = send();
  await inside.promise;
  const refused = await send();
  const bytes = new Uint8Array(await refused.arrayBuffer());
  assertEquals([refused.status, refused.headers.get("retry-after")], [503, "1"]);
  assertEquals(JSON.parse(new TextDecoder().decode(bytes)).code, "overloaded");
  const { "X-Signature": signature } = await auth.sign(bytes);
  assertEquals(refused.headers.get("x-signature"), signature);
  waiting.resolve();
  assertEquals((await first).status, 200);
  assertEquals((await send()).status, 200);
  assertEquals(await Array.fromAsync(journal.each(), ({ status }) => status), [200, 200]);
});

Deno.test("runPipeline() answers a probe of an endpoint for events, and records none", async () => {
  const auth = await createXSignature(["the-key"]);
  const journal = memoryJournal();
  const endpoint = fakeEndpoint(auth, { ingestion: { below: false, json: true } });
  const statusOf = async (method: string) => {
    const request = new Request("http://host/a", { method });
    const response = await runPipeline(
      endpoint,
      request,
      { address: "127.0.0.1", arrival: undefined },
      {
        readBody: (incoming) => readLimitedBody(incoming, limits),
        journal,
        capacity: createCapacity(1),
      },
    );
    return response.status;
  };
  for (const method of ["HEAD", "OPTIONS"]) assertEquals(await statusOf(method), 204);
  assertEquals((await journal.counts()).refused, 0);
  assertEquals(await statusOf("GET"), 405);
  assertEquals((await journal.counts()).refused, 1);
});

/** What notes each step when it is taken. */
async function notedSteps(
  { body = "{}", key = "the-key", from = "127.0.0.1", answer = "{}" }: {
    readonly body?: string;
    readonly key?: string;
    readonly from?: string;
    readonly answer?: string | Problem | (() => never);
  },
) {
  const steps: string[] = [];
  const auth = await createXSignature(["the-key"]);
  const journal = memoryJournal();
  const endpoint = fakeEndpoint({
    ...auth,
    verify(...given) {
      steps.push("verify");
      return auth.verify(...given);
    },
    sign(...given) {
      steps.push("sign");
      return auth.sign(...given);
    },
  }, {
    addresses: createAddressList(["127.0.0.1"]),
    answer() {
      steps.push("answer");
      return { result: typeof answer === "function" ? answer() : answer, decisions: [] };
    },
  });
  const signer = await createXSignature([key]);
  const request = new Request("http://host/a", {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      ...await signer.sign(new TextEncoder().encode(body)),
    },
    body,
  });
  const response = await runPipeline(endpoint, request, { address: from, arrival: undefined }, {
    readBody(incoming) {
      steps.push("read");
      return readLimitedBody(incoming, limits);
    },
    journal: {
      ...journal,
      record(...given) {
        steps.push("record");
        return journal.record(...given);
      },
    },
    capacity: createCapacity(1),
  });
  return { steps, status: response.status, text: await response.text() };
}

Deno.test("runPipeline() takes its steps in order, and records and signs every refusal", async () => {
  const all = ["read", "verify", "answer", "record", "sign"];
  const cases: readonly (readonly [Parameters<typeof notedSteps>[0], number, readonly string[]])[] =
    [
      [{}, 200, all],
      [{ answer: new Problem("refused") }, 400, all],
      [{ body: "{" }, 400, ["read", "verify", "record", "sign"]],
      [{ body: " ".repeat(1001) }, 413, ["read", "record", "sign"]],
      [{ key: "another-key" }, 401, ["read", "verify", "record", "sign"]],
      [{ from: "192.0.2.1" }, 401, ["read", "record", "sign"]],
    ];
  for (const [given, status, steps] of cases) {
    const found = await notedSteps(given);
    assertEquals([found.status, found.steps], [status, steps], JSON.stringify(given));
  }
});

Deno.test("runPipeline() answers what nobody foresaw with nothing of it", async () => {
  const { status, text, steps } = await notedSteps({
    answer() {
      throw new Error("a secret");
    },
  });
  assertEquals([status, JSON.parse(text).code], [500, "internal_error"]);
  assertEquals(text.includes("secret"), false);
  assertEquals(steps.slice(-2), ["record", "sign"]);
});
