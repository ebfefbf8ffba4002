/** Deliveries with more events than anybody has, over real sockets. */
import { assert, assertEquals } from "@std/assert";
import { shareProgram } from "../program.ts";

const test = shareProgram({
  config: {
    endpoints: [
      { path: "/uc", kind: "ultracart.events", auth: { type: "none" } },
      { path: "/few", kind: "ultracart.events", auth: { type: "none" }, maxEvents: 2 },
    ],
  },
});

function eventsOf(count: number): string {
  return `[${Array.from({ length: count }, (_, index) => `{"a":${index}}`).join()}]`;
}

async function outcomeOf(url: string, body: BodyInit, headers: HeadersInit = {}): Promise<string> {
  const response = await fetch(url, { method: "POST", headers, body });
  const text = await response.text();
  return text === "" ? String(response.status) : `${response.status} ${JSON.parse(text).message}`;
}

async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Response(text).body?.pipeThrough(new CompressionStream("gzip"));
  return await new Response(packed ?? null).bytes();
}

const REFUSED = "413 The delivery holds too many events. At most 10000 are accepted.";

test("a delivery with more events than the limit is refused, however it is packed", async ({ url }) => {
  const few = "413 The delivery holds too many events. At most 2 are accepted.";
  assertEquals(await outcomeOf(`${url}/few`, eventsOf(2)), "204");
  assertEquals(await outcomeOf(`${url}/few`, eventsOf(3)), few);
  assertEquals(await outcomeOf(`${url}/few`, `{"events":${eventsOf(3)}}`), few);
  assertEquals(await outcomeOf(`${url}/few`, '[{"a":1,"b":2,"c":3}]'), few);
  assertEquals(await outcomeOf(`${url}/few`, "[{},{},{}]"), few);
  const packed = await gzip(eventsOf(3));
  assertEquals(await outcomeOf(`${url}/few`, packed, { "Content-Encoding": "gzip" }), few);
  assertEquals(await outcomeOf(`${url}/few`, packed.toBase64()), few);
  assertEquals(await outcomeOf(`${url}/few`, `{"events":"${packed.toBase64()}"}`), few);
  // What is in an event is not counted.
  const items = JSON.stringify([{ order_create: { items: [{ a: 1 }, { a: 2 }, { a: 3 }] } }]);
  assertEquals(await outcomeOf(`${url}/few`, items), "204");
});

test("a million events cost next to nothing, and ten thousand let others through", async ({ url }) => {
  const million = await gzip(eventsOf(1_000_000));
  const startedAt = performance.now();
  assertEquals(await outcomeOf(`${url}/uc`, million, { "Content-Encoding": "gzip" }), REFUSED);
  assert(performance.now() - startedAt < 5000);
  assertEquals(await outcomeOf(`${url}/uc`, eventsOf(410_000)), REFUSED);
  assertEquals(await outcomeOf(`${url}/uc`, eventsOf(10_001)), REFUSED);

  let isDone = false;
  const taken = outcomeOf(`${url}/uc`, eventsOf(10_000)).finally(() => isDone = true);
  let slowestMs = 0;
  let looks = 0;
  while (!isDone) {
    const askedAt = performance.now();
    await (await fetch(`${url}/livez`)).body?.cancel();
    slowestMs = Math.max(slowestMs, performance.now() - askedAt);
    looks++;
  }
  assertEquals(await taken, "204");
  assert(looks > 20 && slowestMs < 3000, `${looks} looks, the slowest took ${slowestMs} ms`);
});
