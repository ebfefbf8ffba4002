/** Forwards beside the bare `fetch` of the runtime, in turn, round by round. */
import { join } from "@std/path";
import { fillOutbox } from "./events.ts";
import type { Received } from "./receiver.ts";
import { cpuSeconds } from "../load/usage.ts";
import { type LineProcess, median, startScript } from "../process.ts";
import { journalIn, startStorehook } from "../storehook.ts";

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
  const pace = { concurrency: CONCURRENCY, ratePerSecond: 100_000 };
  const fast = { type: "http", url, ordered, ...pace };
  return await startStorehook({ folder, config: { destinations: { fast } } });
}

/** What one did, each figure the median of its rounds. */
export interface ForwardingRow extends Measured {
  readonly name: string;
  /** Its rate over that of the bare `fetch`, the median of the rounds' ratios. */
  readonly overBare: number;
}

/** What forwards nothing but sends as many, among what is compared. */
export const BARE_FETCH = "Bare fetch";
/** The forwards that keep the order of each subject, among what is compared. */
export const ORDERED = "Forwards in order";

/**
 * Compares them.
 *
 * @param folder Where files go.
 * @param rounds In which each is measured once.
 * @returns A row for each; the first is the bare `fetch`.
 * @throws {Error} When something came twice, did not come, or came out of order where it should not.
 */
export async function compareForwards(
  folder: string,
  rounds: number,
): Promise<readonly ForwardingRow[]> {
  const figures = new Map<string, Measured[]>();
  await using receiver = startScript("forwarding/receiver.ts", []);
  const url = `http://127.0.0.1:${await receiver.line()}/`;
  for (let round = 0; round < rounds; round++) {
    const senders = {
      [BARE_FETCH]: () =>
        Promise.resolve(
          startScript("forwarding/bare.ts", [url, String(EVENTS), String(CONCURRENCY)]),
        ),
      "Forwards": () => startFilled(join(folder, `outbox-${round}`), url, false),
      [ORDERED]: () => startFilled(join(folder, `outbox-${round}-ordered`), url, true),
    };
    for (const [name, start] of Object.entries(senders)) {
      const { measured, received } = await measure(receiver, url, start);
      if (received.count !== EVENTS || received.repeated > 0) {
        throw new Error(`Cannot measure: ${name} brought ${JSON.stringify(received)}`);
      }
      if (name === ORDERED && received.outOfOrder > 0) {
        throw new Error(`Cannot measure: ${received.outOfOrder} came out of order`);
      }
      figures.set(name, [...figures.get(name) ?? [], measured]);
    }
  }
  const bare = figures.get(BARE_FETCH) ?? [];
  return [...figures].map(([name, all]) => {
    const of = (figure: keyof Measured) => median(all.map((one) => one[figure]));
    return {
      name,
      overBare: median(all.map((one, round) => one.perSecond / (bare[round]?.perSecond ?? NaN))),
      perSecond: of("perSecond"),
      senderMicros: of("senderMicros"),
      receiverMicros: of("receiverMicros"),
    };
  });
}
