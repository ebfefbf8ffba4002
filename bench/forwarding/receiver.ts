/**
 * A fast receiver, a process of its own: it answers each POST at once, keeps its body and its id,
 * and judges them when it is asked. Prints its port. `GET` tells what came since the last time.
 */

/** What came to a receiver. */
export interface Received {
  readonly count: number;
  /** How many came that had come before. */
  readonly repeated: number;
  /** How many came after a later one of their subject. */
  readonly outOfOrder: number;
  /** From the first to the last, in milliseconds. */
  readonly durationMs: number;
}

const ids: (string | null)[] = [];
const bodies: string[] = [];
let firstAt = 0;
let lastAt = 0;

function judge(): Received {
  const newest = new Map<string, number>();
  let outOfOrder = 0;
  for (const body of bodies) {
    const { subject, number } = JSON.parse(body);
    if (number <= (newest.get(subject) ?? -1)) outOfOrder++;
    newest.set(subject, number);
  }
  const repeated = ids.length - new Set(ids).size;
  const durationMs = lastAt - firstAt;
  const received = { count: bodies.length, repeated, outOfOrder, durationMs };
  ids.length = bodies.length = 0;
  return received;
}

if (import.meta.main) {
  Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: ({ port }) => console.log(port),
  }, async (request) => {
    if (request.url.endsWith("/count")) return Response.json(bodies.length);
    if (request.method === "GET") return Response.json(judge());
    const body = await request.text();
    lastAt = performance.now();
    if (bodies.length === 0) firstAt = lastAt;
    ids.push(request.headers.get("webhook-id"));
    bodies.push(body);
    return new Response(null, { status: 204 });
  });
}
