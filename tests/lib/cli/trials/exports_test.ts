import { assertEquals } from "@std/assert";
import { bytes, idAt, type Ran, START, withJournal } from "../journal_world.ts";
import { CART, serve, withCart } from "./served.ts";

Deno.test("backtest shows another URL of an export, with the token of then", async () => {
  await withJournal(async (world) => {
    const [one] = await serve(world, [["/cart", CART]]);
    const { externalID, externalUrl } = JSON.parse(new TextDecoder().decode(one?.answer));
    const token = externalUrl.split("/").at(-1);
    const config = await world.config(
      "new.json",
      withCart({ externalUrl: "https://erp.example/{externalID}/list-{token}" }),
    );
    const { code, out } = await world.run("backtest", "--config", config, "--json");
    assertEquals(code, 1);
    const [difference = ""] = out.split("\n");
    assertEquals(JSON.parse(JSON.parse(difference).now.answer), {
      externalID,
      externalUrl: `https://erp.example/${externalID}/list-${token}`,
      redirectUrl: "",
    });
  });
});

/** Serves an export with a template of its URL, and decides it again by the same config. */
async function again(externalUrl: string): Promise<Ran | undefined> {
  let ran: Ran | undefined;
  await withJournal(async (world) => {
    const config = withCart({ externalUrl });
    const [one] = await serve(world, [["/cart", CART]], config);
    const token = /list-(.{22})/.exec(new TextDecoder().decode(one?.answer))?.[1];
    if (token !== undefined && one !== undefined) {
      // A refused one, so that none but the first is decided again.
      const refused = { ...one, id: idAt(START), verifiedBy: null, status: 401 };
      const exported = { token, list: bytes("{}") };
      await world.write((journal) => journal.record(refused, { exported }));
    }
    ran = await world.run("backtest", "--config", await world.config("new.json", config));
  });
  return ran;
}

Deno.test("backtest finds an export's token beside letters of the admin's", async () => {
  const ran = await again("https://erp.example/list-{token}");
  assertEquals([ran?.code, ran?.out.split("\n")[0]], [0, "1 delivery decided again"]);
});

Deno.test("backtest finds an export's id where the URL holds no token", async () => {
  const ran = await again("https://erp.example/{externalID}");
  assertEquals([ran?.code, ran?.out.split("\n")[0]], [0, "1 delivery decided again"]);
});
