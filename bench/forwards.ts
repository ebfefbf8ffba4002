/**
 * Forwards to a fast receiver in another process, beside as many POSTs by the bare `fetch` of the
 * runtime with the same concurrency, which are the limit of the platform. In one run, round by round
 * in turn, so that the ratios hold on a noisy machine. What came is judged: nothing twice, and with
 * `ordered` nothing before what precedes it. Prints a line for each.
 */
import { join } from "@std/path";
import { fillOutbox } from "./forwarding/events.ts";
import type { Received } from "./forwarding/receiver.ts";
import { cpuSeconds } from "./load/usage.ts";
import { type LineProcess, median, startScript } from "./process.ts";
import { journalIn, startStorehook } from "./storehook.ts";

const ROUNDS = 3;
const EVENTS = 20_000;
const CONCURRENCY = 64;
const LONGEST_MS = 60_000;

/** One measurement. */
interface Measured {
  readonly perSecond: number;
  /** Processor time for each forward, in microseconds: of who sends, and of who receives. */
  readonly senderMicros: number;
  readonly receiverMicros: number;
}

async function judged(url: string): Promise<Received> {
  return await (await fetch(url)).json();
}

/** Waits until all came; asking costs the receiver nothing that counts. */
async function untilAllCame(url: string): Promise<void> {
  const deadline = performance.now() + LONGEST_MS;
  for (;;) {
    const count = Number(await (await fetch(`${url}count`)).text());
    if (count >= EVENTS) return;
    if (performance.now() > deadline) {
      throw new Error(`Cannot measure: ${count} of ${EVENTS} forwards came`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function measure(
  receiver: LineProcess,
  url: string,
  start: () => Promise<AsyncDisposable & { readonly pid: number }>,
): Promise<{ readonly measured: Measured; readonly received: Received }> {
  const receiverBefore = await cpuSeconds(receiver.pid);
  await using sender = await start();
  const senderBefore = await cpuSeconds(sender.pid);
  await untilAllCame(url);
  const micros = async (pid: number, before: number) =>
    (await cpuSeconds(pid) - before) / EVENTS * 1e6;
  const senderMicros = await micros(sender.pid, senderBefore);
  const receiverMicros = await micros(receiver.pid, receiverBefore);
  const received = await judged(url);
  const perSecond = received.count / received.durationMs * 1000;
  return { measured: { perSecond, senderMicros, receiverMicros }, received };
}

async function startFilled(folder: string, url: string, ordered: boolean) {
  await Deno.mkdir(join(folder, "data"), { recursive: true });
  await fillOutbox(journalIn(folder), "fast", EVENTS);
  const pace = { concurrency: CONCURRENCY, ratePerSecond: 10_000 };
  const fast = { type: "http", url, ordered, ...pace };
  return await startStorehook({ folder, config: { destinations: { fast } } });
}

const folder = await Deno.makeTempDir();
const figures = new Map<string, Measured[]>();
try {
  await using receiver = startScript("forwarding/receiver.ts", []);
  const url = `http://127.0.0.1:${await receiver.line()}/`;
  for (let round = 0; round < ROUNDS; round++) {
    const senders = {
      "Bare fetch": () =>
        Promise.resolve(
          startScript("forwarding/bare.ts", [url, String(EVENTS), String(CONCURRENCY)]),
        ),
      "Forwards": () => startFilled(join(folder, `${round}`), url, false),
      "Forwards in order": () => startFilled(join(folder, `${round}-ordered`), url, true),
    };
    for (const [name, start] of Object.entries(senders)) {
      const { measured, received } = await measure(receiver, url, start);
      if (received.count !== EVENTS || received.repeated > 0) {
        throw new Error(`Cannot measure: ${name} brought ${JSON.stringify(received)}`);
      }
      if (name === "Forwards in order" && received.outOfOrder > 0) {
        throw new Error(`Cannot measure: ${received.outOfOrder} came out of order`);
      }
      figures.set(name, [...figures.get(name) ?? [], measured]);
    }
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}

const bare = figures.get("Bare fetch") ?? [];
for (const [name, rounds] of figures) {
  const of = (figure: (one: Measured) => number) => median(rounds.map(figure)).toFixed(0);
  const ratio = median(rounds.map((one, round) => one.perSecond / (bare[round]?.perSecond ?? NaN)));
  console.log(
    `${name}: ${ratio.toFixed(2)} of bare fetch, ${of(({ perSecond }) => perSecond)} a second, ` +
      `processor time for each ${of(({ senderMicros }) => senderMicros)} µs, ` +
      `of the receiver ${of(({ receiverMicros }) => receiverMicros)} µs`,
  );
}
