/** Tables, lookups and names as `check` and `explain` show them. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { main } from "../../../../lib/cli/mod.ts";
import { withFolder } from "../../config/load_text.ts";
import { fakeTerminal } from "../fake_terminal.ts";

const CONFIG = {
  timeZone: "UTC",
  define: { isVip: "lookup('customers', order.user.externalId, 'group') == 'VIP'" },
  tables: {
    customers: { file: "customers.csv" },
    matrix: {
      file: "matrix.csv",
      inputs: { country: "order.billTo.country", total: "order.total" },
    },
  },
  endpoints: [{
    path: "/approve",
    kind: "ustore.order-approval",
    signatureKeys: ["0b4c9a7e-explain"],
    rules: [
      { name: "vip", when: "isVip || order.total > 100000", then: { approve: true } },
      { name: "matrix", table: "matrix" },
    ],
  }],
};

const FILES = {
  "customers.csv": "id;group\n4711;VIP\n",
  "matrix.csv": "country;total;group;note\nDE;;1;\nUS;..99,90;2;kleine Bestellung\n;;3;\n",
};

async function run(files: Readonly<Record<string, string>>, ...args: readonly string[]) {
  return await withFolder(async (folder) => {
    const file = join(folder, "config.json");
    await Deno.writeTextFile(file, JSON.stringify(CONFIG));
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(join(folder, name), text);
    }
    const terminal = fakeTerminal();
    const code = await main([...args, "--config", file], terminal);
    return { code, out: terminal.output().replaceAll(file, "FILE"), err: terminal.errors() };
  });
}

Deno.test("explain shows the row that decided, what it asks for and what was read", async () => {
  const { code, out } = await run(FILES, "explain", "ustore.order-approval");
  assertEquals(code, 0);
  assertStringIncludes(
    out,
    `  not matched  vip
    (lookup('customers', order.user.externalId, 'group') == 'VIP') || order.total > 100000
      order.user.externalId = ""
      order.total = 1.2
  matched      matrix.csv line 3
    country: US; total: ..99,90
    kleine Bestellung
      order.billTo.country = US
      order.total = 1.2
  decided by "matrix.csv line 3": {"group":2}
`,
  );
  const { out: json } = await run(FILES, "explain", "ustore.order-approval", "--json");
  const { decisions: [decision] } = JSON.parse(json);
  assertEquals(decision.rule, "matrix.csv line 3");
  assertEquals(decision.trace[1].note, "kleine Bestellung");
});

Deno.test("check counts rows, and lists every mistake of a table with its line", async () => {
  const { code, out } = await run(FILES, "check");
  assertEquals(code, 0);
  assertStringIncludes(out, "2 rules with 3 rows");
  const broken = { ...FILES, "matrix.csv": "country;total;group\nDE;viel;1\n;1.000;x\n" };
  const { code: failed, out: json } = await run(broken, "check", "--json");
  assertEquals(failed, 2);
  assertEquals(
    JSON.parse(json).mistakes.map((
      { file, line, message }: { file: string; line: number; message: string },
    ) => [file, line, message]),
    [
      ["matrix.csv", 2, 'line 2, column "total" (cell B2): found "viel", wanted a number'],
      [
        "matrix.csv",
        3,
        'line 3, column "total" (cell B3): found "1.000", which can be read in two ways, wanted a number',
      ],
      ["matrix.csv", 3, 'line 3, column "group" (cell C3): found "x", wanted a number'],
    ],
  );
});
