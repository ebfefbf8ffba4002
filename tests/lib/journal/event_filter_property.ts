import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { EventFilter, EventToRecord } from "../../../lib/journal/events.ts";
import type { Journal } from "../../../lib/journal/journal.ts";
import { bytesOf, delivery, event, type WithJournal } from "./samples.ts";

const endpoint = fc.constantFrom("/a", "/b");
const source = fc.constantFrom("emporix", "ultracart");
const type = fc.constantFrom("cart.created", "");
const subject = fc.constantFrom("cart/1", "Größe", "");
const time = fc.integer({ min: 1000, max: 1005 });
const stored = fc.record({
  endpoint,
  receivedAt: time,
  event: fc.record({
    source,
    type,
    subject,
    warnings: fc.constantFrom([], ["too long"]),
    payload: fc.constantFrom("Größe", "aBc", "\0ABC", "").map(bytesOf),
  }),
});
type Stored = typeof stored extends fc.Arbitrary<infer T> ? T : never;

const wanted: fc.Arbitrary<EventFilter> = fc.record({
  endpoint,
  source,
  type,
  subject,
  since: time,
  until: time,
  text: fc.constantFrom("abc", "ABC", "öß", "CART", "\0", "é", "KEY 1", ""),
  withWarnings: fc.boolean(),
}, { requiredKeys: [] });

/** Any filter gives what filtering by hand gives, in one page and in many. */
export function testEventFilters(store: string, withJournal: WithJournal, numRuns: number): void {
  Deno.test(`${store} events.list() and events.each() agree with filtering by hand`, () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(stored, { maxLength: 25 }),
        wanted,
        fc.integer({ min: 1, max: 9 }),
        (all, filter, limit) =>
          withJournal(async (journal) => {
            const keyed = all.map((each, index) => ({ ...each, key: `key ${index}` }));
            for (const { endpoint, receivedAt, event: parts, key } of keyed) {
              const recorded: EventToRecord = event({ ...parts, key });
              await journal.record(delivery({ endpoint, receivedAt }), { events: [recorded] });
            }
            const expected = keyed.filter((each) => holds(each, filter))
              .sort((a, b) => a.receivedAt - b.receivedAt).map(({ key }) => key);
            assertEquals(
              await Array.fromAsync(journal.events.each(filter), ({ key }) => key),
              expected,
            );
            assertEquals(await listed(journal, filter, limit), expected.reverse());
          }),
      ),
      { numRuns },
    ));
}

async function listed(journal: Journal, filter: EventFilter, limit: number): Promise<string[]> {
  const keys: string[] = [];
  let page = await journal.events.list({ ...filter, limit });
  for (;;) {
    keys.push(...page.events.map(({ key }) => key));
    if (page.next === null) return keys;
    page = await journal.events.list({ ...filter, limit, cursor: page.next });
  }
}

function holds(each: Stored & { readonly key: string }, filter: EventFilter): boolean {
  const { since = -Infinity, until = Infinity, text = "", withWarnings } = filter;
  const { event: { source, type, subject, warnings, payload }, receivedAt, key } = each;
  return (filter.endpoint ?? each.endpoint) === each.endpoint &&
    (filter.source ?? source) === source &&
    (filter.type ?? type) === type &&
    (filter.subject ?? subject) === subject &&
    since <= receivedAt && receivedAt < until &&
    (withWarnings ?? warnings.length > 0) === warnings.length > 0 &&
    [new TextDecoder().decode(payload), subject, key]
      .some((content) => lower(content).includes(lower(text)));
}

function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
