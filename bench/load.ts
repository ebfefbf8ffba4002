/**
 * A load generator: keep-alive connections that send one signed request after the other.
 *
 * Usage: deno run bench/load.ts PORT CONNECTIONS SECONDS. Prints one line of JSON.
 */
import { importKey, signBytes } from "../lib/auth/hmac.ts";
import orderApproval from "../handlers/ustore/samples/order_approval.json" with { type: "json" };

const [port = 0, connections = 1, seconds = 1] = Deno.args.map(Number);
const encoder = new TextEncoder();

function request(): Uint8Array<ArrayBuffer> {
  const body = encoder.encode(JSON.stringify(orderApproval));
  const signature = signBytes(importKey("development-key"), body);
  const head = [
    "POST /ustore/order-approval HTTP/1.1",
    "Host: bench",
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
    `X-Signature: ${signature}`,
  ].join("\r\n");
  return new Uint8Array([...encoder.encode(`${head}\r\n\r\n`), ...body]);
}

const bytes = request();
const until = performance.now() + seconds * 1000;
const latenciesMs: number[] = [];
let failed = 0;

/** The server answers with one packet: a good answer is that short. */
async function converse(): Promise<void> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  connection.setNoDelay(true);
  const buffer = new Uint8Array(4096);
  const decoder = new TextDecoder();
  while (performance.now() < until) {
    const startedAt = performance.now();
    for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
    const read = await connection.read(buffer) ?? 0;
    latenciesMs.push(performance.now() - startedAt);
    if (!decoder.decode(buffer.subarray(0, 15)).startsWith("HTTP/1.1 200") || read < 100) failed++;
  }
}

await Promise.all(Array.from({ length: connections }, converse));
latenciesMs.sort((a, b) => a - b);
const quantile = (part: number) => latenciesMs[Math.floor(latenciesMs.length * part)] ?? NaN;
console.log(JSON.stringify({
  requestsPerSecond: latenciesMs.length / seconds,
  p50Ms: quantile(0.5),
  p99Ms: quantile(0.99),
  failed,
}));
