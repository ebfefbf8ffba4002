/**
 * `Deno.serve` and a file that is appended to, synced once for all that wait: what every server pays
 * that has on disk what it got and what it answers, with an id, the time and the headers.
 * Usage: serve_synced.js FILE. Prints its port.
 */
import { setImmediate } from "node:timers";
import { serveKept } from "./serve_kept.js";

const encoder = new TextEncoder();
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

serveKept(({ body, answer, ...about }) => {
  const parts = [encoder.encode(JSON.stringify(about)), body, answer];
  return new Promise((resolve) => {
    waiting.push({ parts, resolve });
    if (isBusy) return;
    isBusy = true;
    setImmediate(syncAll);
  });
});
