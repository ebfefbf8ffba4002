import { assertEquals, assertMatch } from "@std/assert";
import { WrongAnswer } from "../../../lib/services/exchange.ts";
import {
  createService,
  type Reply,
  type Service,
  type ServiceCallEvent,
  serviceSettings,
} from "../../../lib/services/service.ts";
import {
  type Answering,
  endless,
  SERVICE_KEY,
  signatureOf,
  signed,
  startThirdParty,
} from "../../e2e/third_party.ts";

const ORDER = '{ "Order": "Ä" }';

function request(body = ORDER) {
  return {
    body: new TextEncoder().encode(body),
    requestId: "request-1",
    language: "de-DE",
  };
}

const question = {
  read(document: unknown): unknown {
    if (document === "nonsense") throw new WrongAnswer("spoke of nothing");
    return document;
  },
};

async function service(url: string, settings: object = {}): Promise<Service> {
  const all = { url, signatureKey: SERVICE_KEY, timeoutMs: 5000, ...settings };
  return await createService("pricing", serviceSettings().parse(all));
}

/** What came of it, without the time it took. */
function plain({ call: { durationMs: _, ...call }, ...rest }: Reply<unknown>) {
  return { ...call, ...rest };
}

async function replyTo(answering: Answering, settings: object = {}) {
  await using party = startThirdParty(answering);
  const pricing = await service(party.url, settings);
  return plain(await pricing.ask(request(), question));
}

function failed(failure: string, status: number | null = 200) {
  return { service: "pricing", attempts: 1, status, failure, waitMs: 0 };
}

Deno.test("ask() sends the very bytes, signed with the service's own key, and verifies the answer", async () => {
  await using party = startThirdParty(() => signed('{"a":1}'));
  const pricing = await service(party.url);
  const reply = await pricing.ask(request("\uFEFF{ }\r\n"), question);
  assertEquals(plain(reply), { service: "pricing", attempts: 1, status: 200, said: { a: 1 } });
  const [asked] = party.asked;
  assertEquals([asked?.method, asked?.body], ["POST", "\uFEFF{ }\r\n"]);
  const { headers } = asked ?? { headers: new Headers() };
  const names = ["x-signature", "x-request-id", "content-type", "accept-language", "user-agent"];
  assertEquals(names.map((name) => headers.get(name)), [
    signatureOf("\uFEFF{ }\r\n"),
    "request-1",
    "application/json; charset=utf-8",
    "de-DE",
    "Storehook",
  ]);
});

Deno.test("ask() neither signs nor verifies where the service has no key", async () => {
  await using party = startThirdParty(() => new Response("7"));
  const pricing = await createService("pricing", serviceSettings().parse({ url: party.url }));
  assertEquals(plain(await pricing.ask(request(), question)), {
    ...{ service: "pricing", attempts: 1, status: 200 },
    said: 7,
  });
  assertEquals(party.asked[0]?.headers.has("x-signature"), false);
});

Deno.test("ask() takes no answer whose signature is missing, or is that of another key or text", async () => {
  const wrong = failed(
    "answered with a signature that is not made of its bytes with the service's key",
  );
  assertEquals(await replyTo(() => signed("{}", 200, "another key")), wrong);
  assertEquals(await replyTo(() => signed("{}", 400, "another key")), { ...wrong, status: 400 });
  assertEquals(
    await replyTo(() => new Response("{ }", { headers: { "X-Signature": signatureOf("{}") } })),
    wrong,
  );
  assertEquals(
    await replyTo(() => new Response("{}")),
    failed("answered without a signature"),
  );
});

Deno.test("ask() takes a 400 with a message for a refusal, and no other status for an answer", async () => {
  const refusal = "Your budget is used up.";
  assertEquals(await replyTo(() => signed(JSON.stringify({ message: refusal }), 400)), {
    ...{ service: "pricing", attempts: 1, status: 400 },
    refusal,
  });
  for (const text of ["{}", '{"message":""}', '{"message":5}', "no"]) {
    const reply = await replyTo(() => signed(text, 400));
    assertEquals(reply, failed("answered 400 without a message", 400), text);
  }
  for (const status of [201, 401, 404, 500, 503]) {
    assertEquals(await replyTo(() => signed("{}", status)), failed(`answered ${status}`, status));
  }
});

Deno.test("ask() follows no redirect", async () => {
  await using elsewhere = startThirdParty(() => signed("{}"));
  const { url } = elsewhere;
  for (const status of [302, 307]) {
    assertEquals(
      await replyTo(() => new Response(null, { status, headers: { Location: url } })),
      failed(`answered ${status}, and redirects are not followed`, status),
    );
  }
  assertEquals(elsewhere.asked, []);
});

Deno.test("ask() takes no answer that is no JSON or that cannot be used", async () => {
  assertEquals(await replyTo(() => signed("{")), failed("answered no valid JSON"));
  assertEquals(await replyTo(() => signed("")), failed("answered no valid JSON"));
  assertEquals(await replyTo(() => signed("[".repeat(5000))), failed("answered no valid JSON"));
  assertEquals(await replyTo(() => signed('"nonsense"')), failed("spoke of nothing"));
});

Deno.test("ask() reads no more of an answer than its limit, and tells the sender", async () => {
  const cancelled = Promise.withResolvers<void>();
  const reply = await replyTo(() => endless(" ".repeat(1000), cancelled.resolve), {
    maxAnswerBytes: 10_000,
  });
  assertEquals(reply, failed("answered with more than 10000 bytes"));
  await cancelled.promise;
});

Deno.test("ask() gives up in time on a service that stalls before or within its answer", async () => {
  const message = "gave no complete answer within 50 ms";
  const gate = Promise.withResolvers<Response>();
  await using party = startThirdParty(() => gate.promise);
  const pricing = await service(party.url, { timeoutMs: 50 });
  assertEquals(plain(await pricing.ask(request(), question)), failed(message, null));
  // The server stops once it has answered.
  gate.resolve(new Response());
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode("{")),
  });
  assertEquals(await replyTo(() => new Response(body), { timeoutMs: 50 }), failed(message));
});

/** A server that closes connections without an answer, the first so many of them. */
function startRudeServer(closes: number) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const head = `HTTP/1.1 200 OK\r\nX-Signature: ${signatureOf("5")}\r\nContent-Length: 1\r\n\r\n5`;
  let connections = 0;
  const serving = (async () => {
    for await (const connection of listener) {
      connections++;
      await connection.read(new Uint8Array(65_536));
      if (connections > closes) await connection.write(new TextEncoder().encode(head));
      connection.close();
    }
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}/`,
    connections: () => connections,
    async stop() {
      listener.close();
      await serving;
    },
  };
}

Deno.test("ask() tries twice more where the connection is closed or refused", async () => {
  const server = startRudeServer(Infinity);
  const pricing = await service(server.url);
  const closed = plain(await pricing.ask(request(), question));
  await server.stop();
  const failure = "cannot be reached: it closed the connection without an answer";
  assertEquals(closed, { ...failed(failure, null), attempts: 3 });
  assertEquals(server.connections(), 3);
  const refused = plain(await pricing.ask(request(), question));
  const words = "cannot be reached: it refuses the connection";
  assertEquals(refused, { ...failed(words, null), attempts: 3 });
});

Deno.test("ask() is answered at once when only the first connections were closed", async () => {
  const server = startRudeServer(2);
  const pricing = await service(server.url);
  const reply = plain(await pricing.ask(request(), question));
  assertEquals(reply, { service: "pricing", attempts: 3, status: 200, said: 5 });
  await server.stop();
});

Deno.test("ask() leaves a service alone that keeps failing, until a trial succeeds", async () => {
  let time = 0;
  const events: string[] = [];
  await using party = startThirdParty(() => signed("{}", 500));
  const settings = { url: party.url, signatureKey: SERVICE_KEY, breaker: { failures: 2 } };
  const pricing = await createService("pricing", serviceSettings().parse(settings), {
    now: () => time,
    onCall: ({ outcome, attempts }: ServiceCallEvent) => events.push(`${outcome} ${attempts}`),
  });
  const ask = () => pricing.ask(request(), question);
  await ask();
  assertEquals(plain(await ask()), { ...failed("answered 500", 500), waitMs: 30_000 });
  time = 29_000;
  const alone = plain(await ask());
  assertEquals(alone, {
    ...failed("is not asked for a while, since it failed several times in a row", null),
    attempts: 0,
    waitMs: 1000,
  });
  party.answer(() => signed("1"));
  time = 30_000;
  assertEquals(plain(await ask()), { service: "pricing", attempts: 1, status: 200, said: 1 });
  await ask();
  assertEquals(party.asked.length, 4);
  assertEquals(events, ["status 1", "status 1", "breaker_open 0", "answered 1", "answered 1"]);
});

Deno.test("ask() goes on asking a service whose answers come and cannot be used", async () => {
  await using party = startThirdParty(() => signed('"nonsense"'));
  const pricing = await service(party.url, { breaker: { failures: 1 } });
  await pricing.ask(request(), question);
  assertEquals(plain(await pricing.ask(request(), question)), failed("spoke of nothing"));
});

Deno.test("ask() says nothing of keys, of the address or of what was sent when it fails", async () => {
  const pricing = await service("http://user:hunter2@127.0.0.1:1/secret-path?token=t0k3n");
  const reply = plain(await pricing.ask(request(), question));
  assertMatch("failure" in reply ? reply.failure : "", /^cannot be reached: it[\w ]+$/);
});
