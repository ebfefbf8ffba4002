/**
 * `Deno.serve` and a file: what every server pays that has on disk what it got and what it answers,
 * with an id, the time and the headers, before it answers.
 * Usage: serve_synced.js FILE. Prints its port.
 */
import { setImmediate } from "node:timers";
import { decide } from "./decide.js";
import { sign, verify } from "./web_hmac.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const file = Deno.openSync(Deno.args[0], { append: true, create: true });
let waiting = [];
let isBusy = false;

/** What comes in while others are synced is written and synced together. */
async function syncAll() {
  while (waiting.length > 0) {
    const group = waiting;
    waiting = [];
    file.writeSync(joined(group.flatMap(({ parts }) => parts)));
    await file.syncData();
    for (const { resolve } of group) resolve();
  }
  isBusy = false;
}

function joined(parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Resolves when the parts are on disk. */
function keep(parts) {
  return new Promise((resolve) => {
    waiting.push({ parts, resolve });
    if (isBusy) return;
    isBusy = true;
    setImmediate(syncAll);
  });
}

Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(port) },
  async (request) => {
    const body = await request.arrayBuffer();
    if (!await verify(request.headers.get("X-Signature") ?? "", body)) {
      return Response.json({ message: "The signature is wrong" }, { status: 401 });
    }
    const answer = encoder.encode(decide(JSON.parse(decoder.decode(body))));
    const about = [crypto.randomUUID(), Date.now(), 200, [...request.headers]];
    await keep([encoder.encode(JSON.stringify(about)), new Uint8Array(body), answer]);
    return new Response(answer, {
      headers: { "Content-Type": "application/json", "X-Signature": await sign(answer) },
    });
  },
);
