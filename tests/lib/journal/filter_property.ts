import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Delivery } from "../../../lib/journal/delivery.ts";
import type { DeliveryFilter } from "../../../lib/journal/delivery_filter.ts";
import type { Journal } from "../../../lib/journal/journal.ts";
import { delivery, type WithJournal } from "./samples.ts";

const endpoint = fc.constantFrom("/a", "/b");
const kind = fc.constantFrom("k.one", "k.two");
const status = fc.constantFrom(200, 204, 400, 401, 503);
const time = fc.integer({ min: 1000, max: 1012 });
const content = fc.oneof(
  fc.constantFrom("Größe", "größe 5", "GRÖSSE", "aBc", "xABCx", "\0abc", "").map((text) =>
    new TextEncoder().encode(text)
  ),
  fc.uint8Array({ maxLength: 4 }).map((bytes) => new Uint8Array(bytes)),
);
const stored: fc.Arbitrary<Partial<Delivery>> = fc.record({
  endpoint,
  kind,
  status,
  receivedAt: time,
  verifiedBy: fc.constantFrom(
    "key 1",
    "secret 1, raw bytes",
    "key 10",
    "v1, secret 0a1b2c3d",
    null,
  ),
  body: content,
  answer: content,
  requestId: fc.constantFrom("r-1", "R-ABC"),
});
const wanted: fc.Arbitrary<DeliveryFilter> = fc.record({
  endpoint,
  kind,
  status: fc.tuple(status, status),
  since: time,
  until: time,
  text: fc.constantFrom("abc", "ABC", "ß", "öß", "r-", "\0", "é", ""),
  verified: fc.boolean(),
  verifiedBy: fc.constantFrom("key 1", "1", "0a1b2c3d", "0a1b", "raw bytes", "key", "v1"),
}, { requiredKeys: [] });

/** Any filter gives what filtering by hand gives, in one page and in many. */
export function testFilters(store: string, withJournal: WithJournal, numRuns: number): void {
  Deno.test(`${store} list() and each() agree with filtering by hand`, () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(stored, { maxLength: 25 }),
        wanted,
        fc.integer({ min: 1, max: 9 }),
        (parts, filter, limit) =>
          withJournal(async (journal) => {
            const all = parts.map(delivery);
            await Promise.all(all.map((each) => journal.record(each)));
            const expected = all.filter((each) => holds(each, filter)).sort(byTime)
              .map(({ id }) => id);
            assertEquals(await Array.fromAsync(journal.each(filter), ({ id }) => id), expected);
            assertEquals(await listed(journal, filter, limit), expected.reverse());
          }),
      ),
      { numRuns },
    ));
}

async function listed(journal: Journal, filter: DeliveryFilter, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let page = await journal.list({ ...filter, limit });
  for (;;) {
    ids.push(...page.deliveries.map(({ id }) => id));
    if (page.next === null) return ids;
    page = await journal.list({ ...filter, limit, cursor: page.next });
  }
}

function holds(each: Delivery, filter: DeliveryFilter): boolean {
  const { since = -Infinity, until = Infinity, text = "", verified, verifiedBy } = filter;
  const [from, to] = filter.status ?? [0, 999];
  return (filter.endpoint ?? each.endpoint) === each.endpoint &&
    (filter.kind ?? each.kind) === each.kind &&
    from <= each.status && each.status <= to &&
    since <= each.receivedAt && each.receivedAt < until &&
    (verified ?? (each.verifiedBy !== null)) === (each.verifiedBy !== null) &&
    (verifiedBy === undefined || hasWords(each.verifiedBy ?? "", verifiedBy)) &&
    [each.body, each.answer, new TextEncoder().encode(each.requestId)]
      .some((bytes) => hexLower(bytes).includes(hexLower(new TextEncoder().encode(text))));
}

/** Whether words stand in a text one after the other, wherever commas are. */
function hasWords(text: string, wanted: string): boolean {
  const words = text.split(/,? /);
  const sought = wanted.split(" ");
  return words.some((_, at) => sought.every((word, index) => words[at + index] === word));
}

/** Hexadecimal with separators, so that a match can't begin within a byte. */
function hexLower(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `,${byte >= 65 && byte <= 90 ? byte + 32 : byte};`).join("");
}

function byTime(a: Delivery, b: Delivery): number {
  return a.receivedAt - b.receivedAt || (a.id < b.id ? -1 : 1);
}
