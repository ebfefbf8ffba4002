import { assertEquals, assertRejects } from "@std/assert";
import type { AuditEntry, ConsoleSession, RuleCount } from "../../../lib/journal/console.ts";
import type { WithJournal } from "./samples.ts";

const SESSION: ConsoleSession = {
  hash: "a".repeat(64),
  name: "ann",
  by: "password",
  role: "operator",
  credential: "c".repeat(64),
  createdAt: 1000,
  expiresAt: 5000,
};

function entry(change: Partial<AuditEntry> = {}): AuditEntry {
  return {
    ...{ at: 1000, who: "ann", by: "password", address: "192.0.2.7" },
    ...{ action: "forwards retry", target: "erp", result: "3 forwards" },
    ...change,
  };
}

/**
 * Tests what a store keeps of the console.
 *
 * @param store Its name, for the names of the tests.
 * @param withJournal Runs a test with an empty one.
 */
export function testConsole(store: string, withJournal: WithJournal): void {
  Deno.test(`${store} keeps a session of the console until it is ended`, () =>
    withJournal(async ({ console }) => {
      await console.change({ kind: "begin session", session: SESSION });
      assertEquals(await console.session(SESSION.hash), SESSION);
      assertEquals(await console.link(SESSION.hash), undefined);
      await console.change({ kind: "end session", hash: SESSION.hash });
      assertEquals(await console.session(SESSION.hash), undefined);
    }));

  Deno.test(`${store} lets a link of the console be used once, and only in time`, () =>
    withJournal(async ({ console }) => {
      const link = { hash: "b".repeat(64), role: "admin", expiresAt: 2000 } as const;
      const late = { ...link, hash: "d".repeat(64) };
      await console.change({ kind: "offer link", link, now: 1000 });
      await console.change({ kind: "offer link", link: late, now: 1000 });
      assertEquals(await console.link(link.hash), link);
      assertEquals(await console.session(link.hash), undefined);
      const use = (hash: string, now: number) => console.change({ kind: "use link", hash, now });
      assertEquals(await use(link.hash, 1999), true);
      assertEquals(await use(link.hash, 1999), false);
      assertEquals(await use(late.hash, 2000), false);
      assertEquals(await use("nothing", 1000), false);
    }));

  Deno.test(`${store} lists the audit of the console page by page, newest first`, () =>
    withJournal(async ({ console }) => {
      const whos = ["ann", "bob", "ann", "a\0b", "ann"];
      const entries = whos.map((who, index) => entry({ who, at: 1000 + index }));
      await console.change({ kind: "audit", entries });
      const first = await console.audit({ limit: 2 });
      assertEquals(first.entries.map(({ at }) => at), [1004, 1003]);
      assertEquals(first.entries[1]?.who, "a\0b");
      const second = await console.audit({ limit: 2, cursor: first.next ?? "" });
      assertEquals(second.entries.map(({ at }) => at), [1002, 1001]);
      const ofAnn = await console.audit({ who: "ann", since: 1001, until: 1004 });
      assertEquals([ofAnn.entries.map(({ at }) => at), ofAnn.next], [[1002], null]);
      await assertRejects(() => console.audit({ cursor: "x" }), SyntaxError);
    }));

  Deno.test(`${store} counts traffic by the minute and by the hour, a minute once`, () =>
    withJournal(async ({ console }) => {
      const at = Date.parse("2026-07-14T09:30:00Z");
      const one = { endpoint: "/approval", result: "answered" } as const;
      const counts = [{ ...one, at, count: 3 }, { ...one, at: at + 60_000, count: 2 }];
      await console.change({ kind: "count traffic", counts, now: at });
      await console.change({ kind: "count traffic", counts, now: at });
      assertEquals(await console.traffic("minute", at), counts);
      assertEquals(await console.traffic("minute", at + 1), counts.slice(1));
      const hour = Date.parse("2026-07-14T09:00:00Z");
      assertEquals(await console.traffic("hour", hour), [{ ...one, at: hour, count: 5 }]);
    }));

  Deno.test(`${store} adds up how often rules decided, by the day`, () =>
    withJournal(async ({ console }) => {
      const at = Date.parse("2026-07-14T00:00:00Z");
      const next = Date.parse("2026-07-15T00:00:00Z");
      const one = { endpoint: "/approval", rule: "large\0orders", hits: 3, failures: 1 };
      const count = async (...rules: readonly RuleCount[]) =>
        await console.change({ kind: "count traffic", counts: [], rules, now: at });
      assertEquals(await console.ruleCounts("/approval", at), { rules: [], countedSince: null });
      await count({ ...one, at, lastHitAt: at + 9 });
      await count({ ...one, at, lastHitAt: at + 5 }, { ...one, at, endpoint: "/b", lastHitAt: 1 });
      await count({ ...one, at: next, hits: 0, failures: 2, lastHitAt: null });
      const { rules, countedSince } = await console.ruleCounts("/approval", at + 1000);
      assertEquals(rules, [{ rule: "large\0orders", hits: 6, failures: 4, lastHitAt: at + 9 }]);
      assertEquals(countedSince, at);
      const later = await console.ruleCounts("/approval", next);
      assertEquals(later.rules, [
        { rule: "large\0orders", hits: 0, failures: 2, lastHitAt: null },
      ]);
    }));
}
