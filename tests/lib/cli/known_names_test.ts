import { assertEquals, assertStringIncludes } from "@std/assert";
import { attemptAll, recordEvents } from "./events_world.ts";
import { CONFIG, type JournalWorld, START, withJournal } from "./journal_world.ts";

const DESTINATIONS = {
  erp: { type: "http", url: "${URL_OF_ERP}" },
  crm: { type: "http", url: "https://crm.example" },
};

/** A config with destinations, and a journal with what came for one that has gone from it. */
async function withNames(
  test: (run: (...args: readonly string[]) => ReturnType<JournalWorld["run"]>) => Promise<void>,
): Promise<void> {
  await withJournal(async (world) => {
    const config = await world.config("named.json", { ...CONFIG, destinations: DESTINATIONS });
    await world.write(async (journal) => {
      await recordEvents(journal, START, { key: "1", forwardTo: ["old"] });
      await attemptAll(journal, "old", { status: 500, error: "old.example answered 500" });
      await journal.outbox.disable("held", { at: START, reason: "gone" });
    });
    await test((...args) => world.run(...args, "--config", config));
  });
}

const MISSPELT = {
  "forwards list --destination erpp": 'destination "erpp", did you mean "erp"?',
  "forwards retry --destination erpp": 'destination "erpp", did you mean "erp"?',
  "forwards cancel --destination nowhere --json": 'destination "nowhere", wanted one of erp, crm',
  "forwards resend --destination ERP": 'destination "ERP", did you mean "erp"?',
  "deliveries list --endpoint /aproval": 'endpoint "/aproval", did you mean "/approval"?',
  "deliveries list --kind ustore.order-aproval":
    'kind "ustore.order-aproval", did you mean "ustore.order-approval"?',
  "deliveries export --endpoint /aproval": 'endpoint "/aproval", did you mean "/approval"?',
  "events list --endpoint /x/y/z":
    'endpoint "/x/y/z", wanted one of /approval, /manufacturer, /cart',
  "events export --endpoint /crat": 'endpoint "/crat", did you mean "/cart"?',
};

Deno.test("options that name what neither config nor journal has are wrong usage", async () => {
  await withNames(async (run) => {
    for (const [line, what] of Object.entries(MISSPELT)) {
      const [noun = "", name = ""] = line.split(" ");
      assertEquals(await run(...line.split(" ")), {
        code: 2,
        out: "",
        err: `Neither the config nor the journal has the ${what}\n` +
          `See: storehook ${noun} ${name} --help\n`,
      }, line);
    }
  });
});

Deno.test("options may name what the config has, and what only the journal has", async () => {
  await withNames(async (run) => {
    for (
      const [line, code, text] of [
        // Of the config, though nothing came yet and a variable of it is unset.
        ["forwards list --destination erp", 0, "There is no such forward."],
        ["forwards retry --destination crm", 1, "0 forwards due now"],
        ["deliveries list --endpoint /cart", 0, "There is no such delivery."],
        ["deliveries list --kind ustore.tax", 0, "There is no such delivery."],
        ["events export --endpoint /cart", 0, ""],
        // Of the journal alone.
        ["forwards list --destination old", 0, "old.example answered 500"],
        ["forwards list --destination old --state waiting", 0, "There is no such forward."],
        ["forwards retry --destination old", 0, "1 forward due now"],
        ["forwards cancel --destination old", 0, "1 forward cancelled"],
        ["forwards cancel --destination old", 1, "0 forwards cancelled"],
        ["forwards retry --destination held", 0, "Destination held is enabled"],
        ["deliveries list --endpoint /emporix --refused", 0, "There is no such delivery."],
        ["events list --endpoint /emporix", 0, "cart.created"],
      ] as const
    ) {
      const ran = await run(...line.split(" "));
      assertEquals([ran.code, ran.err], [code, ""], line);
      assertStringIncludes(ran.out, text);
    }
  });
});

Deno.test("options that name something are taken where the config can't tell of it", async () => {
  await withJournal(async (world) => {
    await world.write((journal) => recordEvents(journal, START, {}));
    const endpoints = [{ ...CONFIG.endpoints[0], path: "${PATH_OF_APPROVAL}" }];
    const config = await world.config("unset.json", { ...CONFIG, endpoints });
    const args = ["deliveries", "list", "--endpoint", "/somewhere", "--config", config];
    assertEquals((await world.run(...args)).code, 0);
  });
});

Deno.test("coverage and backtest refuse an endpoint that is misspelt", async () => {
  await withJournal(async (world) => {
    await world.record({}, { endpoint: "/gone" });
    const covered = await world.run("coverage", "--endpoint", "/aproval");
    assertEquals([covered.code, covered.out], [2, ""]);
    assertStringIncludes(
      covered.err,
      'The config has no endpoint "/aproval", did you mean "/approval"?\n',
    );
    assertEquals((await world.run("coverage", "--endpoint", "/gone")).code, 2);
    const tried = await world.run("backtest", "--endpoint", "/aproval");
    assertEquals([tried.code, tried.out], [2, ""]);
    // What was decided there is decided otherwise now: by nothing.
    assertEquals((await world.run("backtest", "--endpoint", "/gone")).code, 1);
  });
});
