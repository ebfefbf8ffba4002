import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { BodyAborted, readLimitedBody, readRequest } from "../../../lib/http/body.ts";
import { Problem } from "../../../lib/http/problem/problem.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const MAX_BODY_BYTES = 6 * 1024 * 1024;
const LIMITS = { maxBodyBytes: MAX_BODY_BYTES, bodyTimeoutMs: 10_000 };

function post(body: BodyInit, headers: Record<string, string> = {}): Request {
  return new Request("http://localhost/", { method: "POST", body, headers });
}

function streamOf(chunks: readonly Bytes[]): ReadableStream<Bytes> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

async function assertProblem(reading: Promise<unknown>, code: string): Promise<Problem> {
  const problem = await assertRejects(() => reading, Problem);
  assertEquals(problem.code, code);
  return problem;
}

/** Bytes that differ from place to place, so that a shifted or swapped chunk shows. */
function patternOf(length: number): Bytes {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 0xff);
}

Deno.test("readLimitedBody() returns no bytes for no body", async () => {
  assertEquals(await readLimitedBody(new Request("http://localhost/"), LIMITS), new Uint8Array(0));
  assertEquals(await readLimitedBody(post(""), LIMITS), new Uint8Array(0));
  assertEquals(await readLimitedBody(post(streamOf([])), LIMITS), new Uint8Array(0));
});

Deno.test("readLimitedBody() returns a single chunk as it is when the chunk owns its buffer", async () => {
  const chunk = patternOf(1000);
  assertStrictEquals(await readLimitedBody(post(streamOf([chunk])), LIMITS), chunk);
});

Deno.test("readLimitedBody() copies a chunk that is a part of a larger buffer", async () => {
  const whole = patternOf(1000);
  const bytes = await readLimitedBody(post(streamOf([whole.subarray(10, 20)])), LIMITS);
  assertEquals(bytes, whole.slice(10, 20));
  assertEquals(bytes.buffer.byteLength, 10);
});

Deno.test("readLimitedBody() returns exactly the bytes whatever the chunks and the declared length", async () => {
  const chunk = fc.uint8Array({ maxLength: 40 }).map((bytes) => Uint8Array.from(bytes));
  const declared = fc.option(fc.nat({ max: 400 }), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(fc.array(chunk, { maxLength: 12 }), declared, async (chunks, length) => {
      const expected = new Uint8Array(chunks.flatMap((bytes) => [...bytes]));
      const headers: Record<string, string> = length === undefined
        ? {}
        : { "Content-Length": length.toString() };
      const bytes = await readLimitedBody(post(streamOf(chunks), headers), LIMITS);
      assertEquals(bytes, expected);
      assertEquals(bytes.byteLength, bytes.buffer.byteLength);
    }),
  );
});

Deno.test("readLimitedBody() refuses exactly above the limit, whatever the chunks", async () => {
  const chunk = fc.uint8Array({ maxLength: 40 }).map((bytes) => Uint8Array.from(bytes));
  await fc.assert(
    fc.asyncProperty(
      fc.array(chunk, { maxLength: 6 }),
      fc.nat({ max: 120 }),
      async (chunks, maxBodyBytes) => {
        const length = chunks.reduce((sum, bytes) => sum + bytes.length, 0);
        const reading = readLimitedBody(post(streamOf(chunks)), { ...LIMITS, maxBodyBytes });
        if (length <= maxBodyBytes) return assertEquals((await reading).length, length);
        const problem = await assertProblem(reading, "body_too_large");
        assertEquals(problem.params, { limit: maxBodyBytes.toString() });
      },
    ),
  );
});

Deno.test({
  name: "readLimitedBody() leaves no timer behind, whether it returns or throws",
  sanitizeOps: true,
  async fn() {
    await readLimitedBody(post("{}"), LIMITS);
    await assertProblem(
      readLimitedBody(post("{}"), { ...LIMITS, maxBodyBytes: 1 }),
      "body_too_large",
    );
  },
});

Deno.test("readLimitedBody() reads 6 MiB in many chunks and refuses one byte more", async () => {
  const whole = patternOf(MAX_BODY_BYTES);
  const chunks = Array.from(
    { length: Math.ceil(MAX_BODY_BYTES / 10_007) },
    (_, index) => whole.subarray(index * 10_007, (index + 1) * 10_007),
  );
  const bytes = await readLimitedBody(post(streamOf(chunks)), LIMITS);
  assert(bytes.length === whole.length && bytes.every((byte, index) => byte === whole[index]));
  await assertProblem(
    readLimitedBody(post(streamOf([...chunks, new Uint8Array(1)])), LIMITS),
    "body_too_large",
  );
});

Deno.test("readLimitedBody() refuses by Content-Length alone, without reading", async () => {
  let isCancelled = false;
  const body = new ReadableStream<Bytes>({
    cancel() {
      isCancelled = true;
    },
  }, { highWaterMark: 0 });
  const request = post(body, { "Content-Length": "11" });
  await assertProblem(readLimitedBody(request, { ...LIMITS, maxBodyBytes: 10 }), "body_too_large");
  assert(isCancelled);
});

Deno.test("readLimitedBody() does not trust a Content-Length beside Transfer-Encoding, nor a broken one", async () => {
  const limits = { ...LIMITS, maxBodyBytes: 10 };
  const chunked = post(streamOf([patternOf(10)]), {
    "Content-Length": "99",
    "Transfer-Encoding": "chunked",
  });
  assertEquals(await readLimitedBody(chunked, limits), patternOf(10));
  const broken = post(streamOf([patternOf(10)]), { "Content-Length": "-99" });
  assertEquals(await readLimitedBody(broken, limits), patternOf(10));
  const understated = post(streamOf([patternOf(5), patternOf(6)]), { "Content-Length": "5" });
  await assertProblem(readLimitedBody(understated, limits), "body_too_large");
});

Deno.test("readLimitedBody() cuts off a sender that stalls, and cancels its stream", async () => {
  let reason: unknown;
  const body = new ReadableStream<Bytes>({
    start(controller) {
      controller.enqueue(patternOf(3));
    },
    cancel(why) {
      reason = why;
    },
  });
  const reading = readLimitedBody(post(body), { ...LIMITS, bodyTimeoutMs: 20 });
  const problem = await assertProblem(reading, "body_timeout");
  assertStrictEquals(reason, problem);
});

Deno.test("readLimitedBody() cuts off a sender that drips without an end", async () => {
  let timer: ReturnType<typeof setInterval> | undefined;
  const body = new ReadableStream<Bytes>({
    start(controller) {
      timer = setInterval(() => controller.enqueue(patternOf(1)), 2);
    },
    cancel() {
      clearInterval(timer);
    },
  });
  await assertProblem(
    readLimitedBody(post(body), { ...LIMITS, bodyTimeoutMs: 40 }),
    "body_timeout",
  );
});

Deno.test("readLimitedBody() keeps its deadline when chunks never let the event loop turn", async () => {
  const body = new ReadableStream<Bytes>({
    pull(controller) {
      controller.enqueue(new Uint8Array(0));
    },
  });
  await assertProblem(
    readLimitedBody(post(body), { ...LIMITS, bodyTimeoutMs: 20 }),
    "body_timeout",
  );
});

Deno.test("readLimitedBody() answers in time when the stream refuses to be cancelled", async () => {
  const stuck = new ReadableStream<Bytes>({ cancel: () => new Promise<never>(() => undefined) });
  await assertProblem(
    readLimitedBody(post(stuck), { ...LIMITS, bodyTimeoutMs: 20 }),
    "body_timeout",
  );
  const failing = new ReadableStream<Bytes>({
    cancel: () => Promise.reject(new Error("cannot be cancelled")),
  });
  await assertProblem(
    readLimitedBody(post(failing), { ...LIMITS, bodyTimeoutMs: 20 }),
    "body_timeout",
  );
});

Deno.test("readLimitedBody() tells a sender that went away", async () => {
  const cause = new Error("connection closed");
  const body = new ReadableStream<Bytes>({
    start(controller) {
      controller.error(cause);
    },
  });
  const error = await assertRejects(
    () => readLimitedBody(post(body), LIMITS),
    BodyAborted,
    "Cannot read the body: the sender went away",
  );
  assertStrictEquals(error.cause, cause);
});

for (const read of [readLimitedBody, readRequest]) {
  Deno.test(`${read.name}() tells a sender that hangs up on a real connection`, async () => {
    const found = await readReal("Content-Length: 10\r\n\r\nabc", (request, connection) => {
      const reading = read(request, LIMITS);
      connection.close();
      return reading;
    });
    assert(found instanceof BodyAborted);
  });
}

Deno.test("readRequest() reads exactly the bytes that were declared, or that came in chunks", async () => {
  for (
    const sent of [
      "Content-Length: 3\r\n\r\nabcdef",
      "Content-Length: 0\r\n\r\n",
      "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
    ]
  ) {
    const found = await readReal(sent, (request) => readRequest(request, LIMITS));
    assertEquals(found, new TextEncoder().encode(sent.includes(": 0") ? "" : "abc"), sent);
  }
});

Deno.test("readRequest() refuses what is declared or comes beyond the limit, and what takes too long", async () => {
  const limits = { maxBodyBytes: 2, bodyTimeoutMs: 40 };
  for (
    const [sent, code] of [
      ["Content-Length: 3\r\n\r\n", "body_too_large"],
      ["Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "body_too_large"],
      ["Content-Length: 2\r\n\r\na", "body_timeout"],
    ] as const
  ) {
    const found = await readReal(sent, (request) => readRequest(request, limits));
    assert(found instanceof Problem);
    assertEquals(found.code, code, sent);
  }
});

/** What reading the body of a real request comes to. */
async function readReal(
  sent: string,
  read: (request: Request, connection: Deno.Conn) => Promise<unknown>,
): Promise<unknown> {
  const outcome = Promise.withResolvers<unknown>();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => undefined },
    async (request) => {
      outcome.resolve(await read(request, connection).catch((error: unknown) => error));
      return new Response();
    },
  );
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.addr.port });
  await connection.write(
    new TextEncoder().encode(`POST / HTTP/1.1\r\nHost: localhost\r\n${sent}`),
  );
  const found = await outcome.promise;
  try {
    connection.close();
  } catch {
    // The test did so itself.
  }
  await server.shutdown();
  return found;
}

Deno.test("readLimitedBody() does not blame the sender for the time in which nobody read", async () => {
  const pieces = [1, 2, 3];
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      // In the next turn, as what comes from a socket.
      await new Promise((resolve) => setTimeout(resolve, 0));
      const piece = pieces.shift();
      if (piece === undefined) return controller.close();
      controller.enqueue(new Uint8Array([piece]));
      const blockedUntil = performance.now() + 60;
      while (performance.now() < blockedUntil);
    },
  });
  const reading = readLimitedBody(post(body), { ...LIMITS, bodyTimeoutMs: 50 });
  assertEquals(await reading, new Uint8Array([1, 2, 3]));
});
