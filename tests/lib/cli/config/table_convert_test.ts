import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { convertTable } from "../../../../lib/cli/config/table_convert.ts";
import { tableConvertEntry } from "../../../../lib/cli/table/server.ts";
import { UsageError } from "../../../../lib/cli/terminal/terminal.ts";
import { readSheet } from "../../../../lib/rules/tables/sheet.ts";
import { withFolder } from "../../config/load_text.ts";
import { fakeTerminal } from "../fake_terminal.ts";
import { runnable } from "../run_command.ts";
import { atOnce } from "../../../../lib/util/waiting.ts";

const WORKBOOK = fromFileUrl(new URL("../../../fixtures/plants.xlsx", import.meta.url));
const command = runnable(tableConvertEntry, convertTable);

async function convert(...args: readonly string[]) {
  const terminal = fakeTerminal();
  const code = await command.run(args, terminal);
  return { code, out: terminal.output(), err: terminal.errors() };
}

Deno.test("table convert writes dates, numbers, truths and what formulas gave", async () => {
  const { code, out } = await convert(WORKBOOK, "--out", "-");
  assertEquals(code, 0);
  const { columns, records, mistakes } = atOnce(readSheet(out));
  assertEquals(mistakes, []);
  assertEquals(columns, ["Land", "Menge", "ab", "Zeit", "manufacturer", "keep", "note"]);
  const note = 'sagt "ja", klar\nzweite Zeile';
  assertEquals(records.map(({ number, cells }) => [number, ...cells]), [
    [2, "DE | AT", "-5..500", "2026-12-24", "2026-12-24 12:00", "Köln", "", note],
    [4, "אילת", "1000.5", "", "", "Köln", "FALSE", "= x"],
    [5, "FR", "3", "", "", "", "TRUE", ""],
  ]);
});

Deno.test("table convert writes numbers and times that formulas gave as a spreadsheet shows them", async () => {
  const workbook = fromFileUrl(new URL("../../../fixtures/prices.xlsx", import.meta.url));
  const { code, out } = await convert(workbook, "--out", "-");
  assertEquals(code, 0);
  assertEquals(atOnce(readSheet(out)).records.map(({ cells }) => cells), [
    ["0.3", "2026-12-24 08:00"],
    ["119", "2026-12-24 08:00"],
    ["-12.5", "2026-12-25"],
    ["1e-7", "2026-12-24"],
    ["123456789012345", "08:00"],
  ]);
});

Deno.test("table convert writes a file beside the workbook, and replaces it", async () => {
  await withFolder(async (folder) => {
    const file = join(folder, "plants.xlsx");
    await Deno.copyFile(WORKBOOK, file);
    const csv = join(folder, "plants.csv");
    await Deno.writeTextFile(csv, "old");
    const { code, out } = await convert(file);
    assertEquals(code, 0);
    assertEquals(
      out.replaceAll(folder, ""),
      `${join("/", "plants.csv")}: 3 rows of the sheet "Werke"\n` +
        "The workbook has other sheets, for --sheet: Kunden & mehr\n",
    );
    assertStringIncludes(await Deno.readTextFile(csv), "\uFEFFLand,Menge");
    const named = await convert(file, "--sheet", "kunden & Mehr", "--json", "--out", csv);
    assertEquals(JSON.parse(named.out), {
      file: csv,
      sheet: "Kunden & mehr",
      rows: 1,
      others: ["Werke"],
    });
    assertEquals(await Deno.readTextFile(csv), "\uFEFFid,group\r\n4711,VIP\r\n");
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
      "plants.csv",
      "plants.xlsx",
    ]);
  });
});

Deno.test("table convert says what it cannot read", async () => {
  await assertRejects(
    () => convert(WORKBOOK, "--sheet", "Werk", "--out", "-"),
    UsageError,
    'The workbook has no sheet "Werk": did you mean "Werke"?',
  );
  const missing = await convert("/no/such/plants.xlsx");
  assertEquals([missing.code, missing.out], [1, ""]);
  assertStringIncludes(missing.err, "there is no such file");
  await withFolder(async (folder) => {
    const file = join(folder, "plants.xlsx");
    await Deno.writeTextFile(file, "Land;Menge\n");
    assertStringIncludes((await convert(file)).err, "it is no .xlsx workbook");
    await Deno.writeFile(file, (await Deno.readFile(WORKBOOK)).slice(0, 1500));
    const cut = await convert(file);
    assertEquals(cut.code, 1);
    assertStringIncludes(cut.err, "Cannot convert");
  });
});
