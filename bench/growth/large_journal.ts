/** A server whose journal holds very much: beside one with none, and while it is cleaned up. */
import { fromFileUrl } from "@std/path";
import orderApproval from "../../handlers/ustore/samples/order_approval.json" with { type: "json" };
import { openJournal } from "../../lib/journal/sqlite/open.ts";
import { writeDifferentOrders } from "../load/different_orders.ts";
import { measureLoad } from "../load/measure.ts";
import { digestOf, JSON_TYPE } from "../load/signed.ts";
import { median } from "../process.ts";
import { journalIn, type Server, startStorehook } from "../storehook.ts";
import { addressOf, orderNumberOf } from "./fill_large_journal.ts";

/** Nothing goes by itself: neither by its age nor by its size. */
export const KEEP_ALL = {
  journal: { path: "data/journal.db", retentionDays: 3650, maxBytes: 2 ** 40 },
} as const;

const MAIN = fromFileUrl(new URL("../../main.ts", import.meta.url));
const ROUNDS = 3;
const SECONDS = 3;
const CONNECTIONS: readonly number[] = [1, 32];
const LOOKS = 20;
const CLEANED_MS = 20_000;
const PAUSE_MS = 5;
const LONG_MS = 20;

/** What is measured, by its name, in words. */
export type Figures = readonly (readonly [name: string, figure: string])[];

const inMs = (ms: number) => `${ms.toFixed(ms < 10 ? 2 : 0)} ms`;

/**
 * Measures how long servers need until they listen, in turn.
 *
 * @param empty The folder of one without deliveries.
 * @param full The folder of one with many.
 */
export async function compareStarts(empty: string, full: string): Promise<Figures> {
  const times = new Map<string, number[]>([[empty, []], [full, []]]);
  // The first one makes the journal, or reads its file into the memory of the system.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [folder, all] of times) {
      const startedAt = performance.now();
      await using _server = await startStorehook({ folder, config: KEEP_ALL });
      if (round > 0) all.push(performance.now() - startedAt);
    }
  }
  return [
    ["start, empty", inMs(median(times.get(empty) ?? []))],
    ["start, full", inMs(median(times.get(full) ?? []))],
  ];
}

/**
 * Measures order approvals at both, in turn; orders differ.
 *
 * @param empty One without deliveries.
 * @param full One with many.
 * @param folder Where files go.
 */
export async function compareApprovals(
  empty: Server,
  full: Server,
  folder: string,
): Promise<Figures> {
  const figures: [string, string][] = [];
  for (const connections of CONNECTIONS) {
    const rounds: (readonly [empty: number, full: number])[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const orders = (await writeDifferentOrders(folder))();
      const p50Of = async ({ pid, url }: Server) => {
        const to = `${url}/ustore/order-approval`;
        const load = { ...orders, url: to, connections, seconds: SECONDS };
        return (await measureLoad(pid, load)).p50Ms;
      };
      const one = [await p50Of(empty), await p50Of(full)] as const;
      if (round > 0) rounds.push(one);
    }
    const [before, after] = [0, 1].map((at) => median(rounds.map((one) => one[at] ?? NaN)));
    const ratio = median(rounds.map(([none, many]) => many / none));
    figures.push([
      `p50 of an approval at ${connections} connections, empty`,
      inMs(before ?? NaN),
    ], [
      `p50 of an approval at ${connections} connections, full`,
      `${inMs(after ?? NaN)}, ${ratio.toFixed(2)} times`,
    ]);
  }
  return figures;
}

/**
 * Measures looks into it.
 *
 * @param folder The folder of the server.
 * @param count How many deliveries it was filled with.
 */
export async function lookInto(folder: string, count: number): Promise<Figures> {
  const journal = openJournal(journalIn(folder), { readOnly: true });
  const anyNumber = () => orderNumberOf(2 * Math.floor(Math.random() * count / 2));
  const { deliveries } = await journal.list({ limit: LOOKS });
  const looks: Readonly<Record<string, (time: number) => Promise<unknown>>> = {
    "list": () => journal.list(),
    "get": (time) => journal.get(deliveries[time]?.id ?? ""),
    "search by order number": () => journal.list({ number: anyNumber() }),
    "search by a number that nothing has": () => journal.list({ number: "none" }),
    "list of events": () => journal.events.list(),
    "counts": () => journal.counts(),
    "filter that finds nothing": () => journal.list({ status: [599, 599] }),
  };
  const figures: [string, string][] = [];
  for (const [name, look] of Object.entries(looks)) {
    const times: number[] = [];
    for (let time = 0; time < LOOKS; time++) {
      const startedAt = performance.now();
      await look(time);
      times.push(performance.now() - startedAt);
    }
    figures.push([name, `${inMs(median(times))}, at most ${inMs(Math.max(...times))}`]);
  }
  await journal.close();
  return figures;
}

/**
 * Measures approvals of one sender while the journal is cleaned up beside it, and with nothing beside.
 *
 * @param server The server.
 * @param folder Its folder.
 */
export async function cleanUpBeside(server: Server, folder: string): Promise<Figures> {
  const run = (...words: string[]) => () => cleanUp(folder, words);
  const besides: Readonly<Record<string, () => () => Promise<void>>> = {
    "nothing beside": () => async () => {},
    "a search for a person beside": run("erase", "--email", addressOf(4), "--dry-run"),
    "erase beside": run("erase", "--email", addressOf(6), "--yes"),
    "prune beside": run("prune", "--older-than", "15d", "--yes"),
    "nothing beside again": () => async () => {},
  };
  const figures: [string, string][] = [];
  for (const [name, begin] of Object.entries(besides)) {
    const end = begin();
    const times = await approve(server, CLEANED_MS);
    await end();
    const sorted = times.toSorted((a, b) => a - b);
    const at = (part: number) => sorted[Math.floor((sorted.length - 1) * part)] ?? NaN;
    const long = times.filter((ms) => ms > LONG_MS).length;
    figures.push([
      `approvals with ${name}`,
      `p50 ${inMs(at(0.5))}, p99 ${inMs(at(0.99))}, at most ${inMs(at(1))}; ` +
      `${long} of ${times.length} above ${LONG_MS} ms`,
    ]);
  }
  return figures;
}

/** Begins it as a process of its own; what is given back ends it, done or not. */
function cleanUp(folder: string, words: readonly string[]): () => Promise<void> {
  const config = ["--config", `${folder}/config.json`];
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--no-lock", MAIN, "journal", ...words, ...config],
    ...{ stdin: "null", stdout: "null", stderr: "null" },
  }).spawn();
  return async () => {
    try {
      child.kill();
    } catch {
      // It has ended by itself.
    }
    await child.status;
  };
}

/** How long each approval took, one after the other. */
async function approve({ url }: Server, durationMs: number): Promise<readonly number[]> {
  const times: number[] = [];
  const endsAt = performance.now() + durationMs;
  for (let number = 0; performance.now() < endsAt; number++) {
    const order = { ...orderApproval.Order, "@OrderId": `${Date.now()}-${number}` };
    const body = new TextEncoder().encode(JSON.stringify({ ...orderApproval, Order: order }));
    const headers = { ...JSON_TYPE, "X-Signature": (await digestOf(body)).toBase64() };
    const startedAt = performance.now();
    const response = await fetch(`${url}/ustore/order-approval`, { method: "POST", headers, body });
    await response.bytes();
    times.push(performance.now() - startedAt);
    if (!response.ok) throw new Error(`Cannot measure: answered ${response.status}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return times;
}
