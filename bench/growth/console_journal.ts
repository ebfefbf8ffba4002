/** A journal of a month with as much in it as a console is to be quick with. */
import { handlers } from "../../handlers/mod.ts";
import { createMadeUpNumbers, madeUpRequests } from "../../lib/cli/send/demo_day.ts";
import { loadConfig } from "../../lib/config/load.ts";
import {
  type RuleCount,
  RULES_SPAN_MS,
  TRAFFIC_SPANS,
  type TrafficCount,
  type TrafficResult,
} from "../../lib/journal/console.ts";
import { newDeliveryId } from "../../lib/journal/delivery.ts";
import { newExportIdentity } from "../../lib/journal/export.ts";
import type { Journal } from "../../lib/journal/journal.ts";
import { openJournal } from "../../lib/journal/sqlite/open.ts";
import { decideBody } from "../../lib/trials/decide_body.ts";

/** What the config of such a server has beside the shipped one. */
export const CONSOLE_CONFIG = {
  journal: { path: "data/journal.db", retentionDays: 365, maxBytes: 64 * 2 ** 30 },
  destinations: { erp: { type: "http", url: "http://127.0.0.1:9/hooks" } },
} as const;

/** The endpoint that takes in what is forwarded. */
export const EVENTS_ENDPOINT = {
  path: "/shop",
  kind: "events",
  auth: { type: "none" },
  forward: ["erp"],
} as const;

const MONTH_MS = 30 * 86_400_000;
/** Of so many deliveries one brings an event, one is refused, and one has an answer of its own. */
const EVENT_EVERY = 5;
const REFUSED_EVERY = 250;
const GROUP = 1000;
/** Of so many forwards one fails, and one is left waiting. */
const FAILED_EVERY = 50;
const LEFT_WAITING = 500;
/** The word that stands in the order of one in so many, for a search that finds little. */
const RARE_EVERY = 100_000;
/** What only those have in them. */
export const RARE_WORD = "quetzalcoatlus";
/** The number of the first order. */
export const FIRST_ORDER = 1_000_000;

const encoder = new TextEncoder();

/**
 * Fills a journal with deliveries of the last month, their events and forwards, and what is counted of
 * them.
 *
 * @param path The journal's file.
 * @param configFile The config by which they are decided.
 * @param count How many deliveries: a multiple of a thousand.
 * @param onProgress Hears how many are there.
 */
export async function fillConsoleJournal(
  path: string,
  configFile: string,
  count: number,
  onProgress: (done: number) => void,
): Promise<void> {
  const loaded = await loadConfig({ file: configFile, kinds: handlers, env: () => undefined });
  if ("mistakes" in loaded) throw new Error(JSON.stringify(loaded.mistakes));
  const decided = loaded.endpoints.filter(({ kind }) => kind.startsWith("ustore"));
  const random = createMadeUpNumbers(11);
  const requests = madeUpRequests(decided, handlers, random, FIRST_ORDER);
  const journal = openJournal(path);
  const end = Date.now() - 10_000;
  const traffic = new Map<string, TrafficCount>();
  const rules = new Map<string, RuleCount>();
  const note = (
    endpoint: string,
    result: TrafficResult,
    time: number,
    names: readonly string[],
  ) => {
    const at = time - time % TRAFFIC_SPANS.minute;
    const key = `${at} ${result} ${endpoint}`;
    const known = traffic.get(key)?.count ?? 0;
    traffic.set(key, { at, endpoint, result, count: known + 1 });
    for (const rule of names) {
      const day = time - time % RULES_SPAN_MS;
      const place = `${day} ${endpoint} ${rule}`;
      const hits = (rules.get(place)?.hits ?? 0) + 1;
      rules.set(place, { at: day, endpoint, rule, hits, failures: 0, lastHitAt: time });
    }
  };
  for (let done = 0; done < count; done += GROUP) {
    await Promise.all(Array.from({ length: GROUP }, async (_, index) => {
      const number = done + index;
      const at = Math.round(end - MONTH_MS + MONTH_MS * number / count);
      const common = {
        ...{ id: newDeliveryId(at), receivedAt: at, answeredAt: at + 1, headers: [] },
        ...{ requestId: crypto.randomUUID(), remoteAddress: "127.0.0.1" },
      };
      if (number % EVENT_EVERY === 0) {
        const payload = encoder.encode(JSON.stringify({ type: "order.placed", number }));
        const { path: endpoint, kind } = EVENTS_ENDPOINT;
        note(endpoint, "answered", at, []);
        await journal.record({
          ...{ ...common, endpoint, kind, body: payload, verifiedBy: "none", status: 204 },
          ...{ answer: new Uint8Array(), rules: [], decisions: [], numbers: [] },
        }, {
          events: [{
            ...{ source: "shop", type: number % 10 === 0 ? "order.placed" : "cart.changed" },
            ...{ candidates: [], subject: `order/${number}`, key: `event-${number}` },
            ...{ occurredAt: at, warnings: [], payload, forwardTo: ["erp"] },
          }],
        });
        return;
      }
      const { endpoint, handler, body } = requests.next().value;
      const text = number % RARE_EVERY === 1
        ? new TextDecoder().decode(body).replace(/"Email":"/, `"Email":"${RARE_WORD}.`)
        : undefined;
      const shared = {
        ...{ ...common, endpoint: endpoint.path, kind: endpoint.kind },
        ...{ body: text === undefined ? body : encoder.encode(text), rules: endpoint.rules },
      };
      if (number % REFUSED_EVERY === 1) {
        note(endpoint.path, "refused", at, []);
        const answer = encoder.encode('{"message":"The signature does not match."}');
        await journal.record({
          ...shared,
          ...{ verifiedBy: null, status: 401, answer, decisions: [] },
        });
        return;
      }
      const answered = await decideBody(endpoint, shared.body, {
        ...{ requestId: common.requestId, language: "en-US" },
        url: new URL(`http://localhost${endpoint.path}`),
        ask: () => Promise.resolve(undefined),
        exportOf: (_list, externalId) => Promise.resolve(newExportIdentity(externalId)),
      });
      const { status, body: answer, decisions } = answered;
      if (status === null) return;
      note(
        endpoint.path,
        status < 400 ? "answered" : "refused",
        at,
        decisions.map(({ rule }) => rule ?? ""),
      );
      const numbers = handler.numbersOf?.(JSON.parse(new TextDecoder().decode(shared.body)));
      await journal.record({
        ...{ ...shared, verifiedBy: `key ${endpoint.auth.keyFingerprints[0]}`, status, answer },
        ...{ decisions, ...(numbers === undefined ? {} : { numbers }) },
      });
    }));
    onProgress(done + GROUP);
  }
  const counts = [...traffic.values()];
  await journal.console.change({
    ...{ kind: "count traffic", counts, rules: [...rules.values()], now: end },
  });
  await forwardMost(journal);
  // Nobody listens there, so nothing is tried while it is looked at.
  await journal.outbox.pause("erp", { at: end, until: end + MONTH_MS, status: 0 });
  await journal.close();
}

/** Has a worker do almost all of it. */
async function forwardMost({ outbox }: Journal): Promise<void> {
  const leasing = { owner: "bench", destination: "erp", leaseMs: 60_000, ordered: false } as const;
  let done = 0;
  for (;;) {
    const { waiting } = await outbox.countsByState();
    if (waiting <= LEFT_WAITING) return;
    const limit = Math.min(GROUP, waiting - LEFT_WAITING);
    const leased = await outbox.lease({ ...leasing, limit, now: Date.now() });
    await Promise.all(leased.map(({ lease }) => {
      const isFailed = ++done % FAILED_EVERY === 0;
      const attempt = { startedAt: Date.now(), durationMs: 12 };
      return isFailed
        ? outbox.complete(
          lease,
          { ...attempt, status: 500, error: "It answered 500" },
          { state: "failed" },
        )
        : outbox.complete(lease, { ...attempt, status: 200, error: null }, { state: "delivered" });
    }));
  }
}
