/** A console in which whatever could name a person carries a mark of its own. */
import { assert } from "@std/assert";
import type { ConsoleContext } from "../../../lib/console/context.ts";
import { newDeliveryId } from "../../../lib/journal/delivery.ts";
import { bytesOf, delivery, event, refusal } from "../journal/samples.ts";
import { type ConsoleWorld, KEY } from "./console_world.ts";

/** Everything that was marked, and what for. */
export const MARKED = new Map<string, string>();

/** A word that stands nowhere else; in letters, for digits may be shown. */
function mark(what: string): string {
  const word = `zq${String.fromCharCode(97 + MARKED.size / 26, 97 + MARKED.size % 26)}qz`;
  MARKED.set(word, what);
  return word;
}

const CONDITION =
  `order.user.email == "${mark("text of a condition")}" && order.total > 500.0 && ` +
  `!(order.user.department in ["${mark("text in a list")}", '${mark("text in quotes")}'])`;

/** A config with marks in it. */
export const CONFIG = {
  server: { publicUrl: `https://hooks.example/${mark("path of the public URL")}` },
  endpoints: [
    {
      path: "/approval",
      kind: "ustore.order-approval",
      signatureKeys: [KEY],
      rules: [
        { name: "large orders", when: CONDITION, then: { reject: mark("text of a rejection") } },
      ],
      otherwise: { reject: mark("text of a rejection otherwise") },
    },
    {
      path: "/shop",
      kind: "events",
      auth: { type: "none" },
      forward: [{
        to: "erp",
        when: `event.type == "order.placed" || event.subject == "${mark("text of a filter")}"`,
      }],
    },
  ],
  services: { budget: { url: `http://127.0.0.1:9/${mark("path of a service")}` } },
  destinations: {
    erp: { type: "http", url: `http://127.0.0.1:9/${mark("path of a destination")}` },
    mis: { type: "folder", path: `out/${mark("folder of a destination")}` },
  },
};

/** What operators are shown nowhere either, as it stands in what they do not see of the config. */
export const NOBODYS = new Set(["path of the public URL"]);

const REASONS = {
  ready: mark("why it is not ready"),
  config: mark("why the config is not served"),
  destination: mark("the last error of a destination"),
  host: mark("the name of a machine"),
};

/** Has all be told that a server tells when it is not well, with marks in it. */
export function broken(context: ConsoleContext): ConsoleContext {
  const instance = { host: REASONS.host, version: "1", config: "ab", silentSeconds: 0 };
  const instances = [{ ...instance, startedAt: new Date().toISOString(), isThis: true }];
  return {
    ...context,
    notServed: () => ({ message: REASONS.config, since: new Date().toISOString() }),
    destinations: () => [{
      ...{
        name: "erp",
        running: 0,
        failuresInRow: 2,
        failingSince: 1,
        paused: null,
        disabled: null,
      },
      lastError: REASONS.destination,
    }],
    readiness: () =>
      Promise.resolve({
        ready: false,
        reason: REASONS.ready,
        part: "the journal",
        details: { instances: { instances, warnings: [`${REASONS.host} has another config`] } },
      }),
  };
}

const SENDERS_ID = mark("the id of a request that its sender chose");

const ORDER = {
  Order: {
    "@OrderId": mark("an order number of letters"),
    "@DisplayOrderId": mark("a shown order number of letters"),
    Currency: mark("a currency"),
    User: {
      Email: `${mark("an address")}@example.com`,
      FirstName: mark("a first name"),
      Department: mark("a department"),
    },
    Note: mark("a note of the shopper"),
  },
};

/** What was recorded. */
export interface Ids {
  readonly delivery: string;
  readonly refused: string;
  readonly event: string;
  readonly forward: string;
}

/** Puts into a journal what holds something personal wherever it can. */
export async function fill({ journal }: ConsoleWorld): Promise<Ids> {
  const ids = { delivery: newDeliveryId(), refused: newDeliveryId() };
  const receivedAt = Date.now() - 5000;
  const outcome = { reject: mark("a rejection in a decision") };
  await journal.record(
    delivery({
      ...{ id: ids.delivery, endpoint: "/approval", receivedAt, requestId: SENDERS_ID },
      remoteAddress: mark("the address of a client"),
      verifiedBy: `key 3f2a91bc, ${mark("a further key")}`,
      headers: [["x-request-id", SENDERS_ID], ["x-shopper", mark("a header")]],
      body: bytesOf(JSON.stringify(ORDER)),
      answer: bytesOf(JSON.stringify({ message: mark("an answer") })),
      note: mark("a note of a delivery"),
      rules: [
        { name: "first", when: `order.total > '${mark("a text of a rule that failed")}'` },
        { name: "large orders", when: CONDITION },
      ],
      decisions: [{
        ...{ rule: "large orders", outcome, tried: 2, subject: mark("a subject of a decision") },
        failures: [{ rule: "first", reason: mark("why a rule failed") }],
        row: {
          ...{ rule: "large orders", line: 3, note: mark("a note of a row") },
          cells: { email: mark("a cell of a row") },
        },
        asked: {
          ...{ service: "budget", attempts: 1, status: 200, durationMs: 3 },
          said: { comment: mark("what a service said") },
          refusal: mark("with what a service refused"),
          failure: mark("how a service failed"),
        },
      }],
    }),
    {
      events: [event({
        source: "shop",
        type: mark("a type of events that nobody knows"),
        candidates: [mark("a type that it may have")],
        subject: `customer/${mark("a subject of an event")}`,
        key: mark("a key of an event"),
        warnings: [mark("a warning")],
        payload: bytesOf(JSON.stringify({ name: mark("a payload") })),
      })],
    },
  );
  await journal.record(refusal({
    ...{ id: ids.refused, endpoint: "/approval", receivedAt },
    headers: [["x-signature", mark("a signature")]],
    body: bytesOf(JSON.stringify({ name: mark("a refused body") })),
    answer: bytesOf(JSON.stringify({ message: mark("what a refused one was told") })),
    note: mark("why it was refused"),
  }));
  const leasing = { owner: "w", destination: "erp", limit: 1, leaseMs: 1e5, now: 1e14 } as const;
  const [leased] = await journal.outbox.lease({ ...leasing, ordered: false });
  const [first] = (await journal.events.list()).events;
  assert(leased !== undefined && first !== undefined);
  const made = { startedAt: 1, durationMs: 1, status: 500, error: mark("an error of an attempt") };
  await journal.outbox.complete(leased.lease, made, { state: "failed" });
  return { ...ids, event: first.id, forward: leased.lease.id };
}

/** For what the marks stand that are in a text. */
export function marksIn(text: string): ReadonlySet<string> {
  return new Set([...MARKED].filter(([word]) => text.includes(word)).map(([, what]) => what));
}
