import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import fc from "fast-check";
import { handlers } from "../../../handlers/mod.ts";
import { changeOrder } from "../../../handlers/ustore/change.ts";
import { loadConfig } from "../../../lib/config/load.ts";
import type { StoredDelivery } from "../../../lib/journal/delivery.ts";
import { decideBody } from "../../../lib/trials/decide_body.ts";
import { copyDocument, parseFieldPath } from "../../../lib/trials/rule_tests/change_document.ts";
import { pinDelivery } from "../../../lib/trials/rule_tests/pin.ts";
import { withFolder } from "../config/load_text.ts";

const RULES = [
  "order.user.email.endsWith('@vip.example')",
  "order.user.department.lower() == 'marketing'",
  "order.billTo.zip.startsWith('75')",
  "order.note.contains('urgent')",
  "order.user.lastName < 'M'",
  "order.user.lastName == order.user.firstName",
  "order.billTo.phone.size() > 8",
  "order.billTo.city.matches(r'^[A-M]')",
  "order.total > 500",
];
const config = {
  endpoints: [{
    path: "/approval",
    kind: "ustore.order-approval",
    signatureKeys: ["a-signature-key"],
    rules: RULES.map((when, index) => ({ name: when, when, then: { group: index + 1 } })),
    otherwise: { approve: true },
  }],
};

const word = fc.string({
  unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyzäöüéñ"),
  minLength: 4,
  maxLength: 9,
}).map((text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`);
const order = fc.record({
  "order.user.firstName": word,
  "order.user.lastName": word,
  "order.user.department": fc.oneof(word, fc.constantFrom("Marketing", "MARKETING", "")),
  "order.user.email": fc.tuple(word, fc.constantFrom("vip.example", "other.example", "nord.de"))
    .map(([name, domain]) => `${name}@${domain}`),
  "order.billTo.city": word,
  "order.billTo.zip": fc.constantFrom("75001", "10016", "30159"),
  "order.billTo.phone": fc.constantFrom("+49 511 48213", "5551234", ""),
  "order.note": fc.oneof(word, fc.constant("urgent, please"), fc.constant("")),
  "order.total": fc.constantFrom(1.2, 612.4),
});

Deno.test("pinDelivery() decides as before, and names no person that it does not say it keeps", () =>
  withFolder(async (folder) => {
    const file = join(folder, "config.json");
    await Deno.writeTextFile(file, JSON.stringify(config));
    const loaded = await loadConfig({ file, kinds: handlers, env: () => undefined });
    if ("mistakes" in loaded) throw new Error(JSON.stringify(loaded.mistakes));
    const [endpoint] = loaded.endpoints;
    const sample = handlers.find(({ kind }) => kind === endpoint?.kind)?.sample.request;
    assert(endpoint !== undefined);
    const decide = (body: Uint8Array<ArrayBuffer>) =>
      decideBody(endpoint, body, {
        language: undefined,
        requestId: "test",
        ask: () => Promise.resolve(undefined),
        exportOf: () => Promise.reject(new Error("Nothing is exported")),
      });
    await fc.assert(
      fc.asyncProperty(order, async (changes) => {
        const document = copyDocument(sample);
        for (const [name, value] of Object.entries(changes)) {
          assertEquals(changeOrder(document, parseFieldPath(name) ?? [], value), undefined);
        }
        const body = new TextEncoder().encode(JSON.stringify(document));
        const { status, body: answer, decisions } = await decide(body);
        const delivery: StoredDelivery = {
          ...{ id: "id", endpoint: "/approval", kind: endpoint.kind, requestId: "r" },
          ...{ receivedAt: 0, answeredAt: 0, remoteAddress: "", verifiedBy: "key" },
          ...{ status: status ?? 0, answer, decisions, rules: [], headers: [], body },
          ...{ bodyBytes: body.length, repeatOf: null, erasedAt: null },
        };
        const { test, kept } = await pinDelivery({ delivery, endpoint, name: "pinned", keep: [] });
        const text = JSON.stringify(test.order.document);
        const again = await decide(new TextEncoder().encode(text));
        assertEquals(again.decisions, decisions);
        assertEquals(test.expect.rule, decisions[0]?.rule);
        const groups = kept.map(({ group }) => group);
        const { "order.user.firstName": first, "order.user.lastName": last } = changes;
        const isKept = (...names: readonly string[]) =>
          groups.some((group) => names.some((name) => group.endsWith(name)));
        // A made-up word of four letters may be the same by chance, one of six is not.
        if (!isKept("FirstName", "LastName", "Email", "ApproverNote", "Note") && last.length > 5) {
          assertEquals(text.includes(last), false, text);
        }
        if (!isKept("FirstName", "LastName") && first.length > 5 && first !== last) {
          assertEquals(text.includes(`"${first}"`), false);
        }
      }),
      { numRuns: 60 },
    );
  }));
