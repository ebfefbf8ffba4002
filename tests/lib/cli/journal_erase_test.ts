import { assertEquals, assertMatch } from "@std/assert";
import { bytes, withJournal } from "./journal_world.ts";

Deno.test("journal erase takes a person's data out", async () => {
  await withJournal(async (world) => {
    await world.record({ body: bytes('{"email":"Ann@Example.com"}') }, {});
    assertEquals(await world.run("journal", "erase", "--email", "ann@example.com"), {
      code: 0,
      out: "Erased the data of 1 delivery, 0 events and 0 exported lists\n",
      err: "",
    });
    const { out } = await world.run("deliveries", "export");
    assertEquals(out.split("\n").slice(0, -1).map((line) => JSON.parse(line).body), [
      "",
      '{"number":1}',
    ]);
  });
});

const TO_ERASE = [
  { body: bytes('{"Order":{"User":{"Email":"ann@example.com"}}}') },
  { body: bytes('{"Order":{"Store":{"Id":"_ann%40example.com_"}}}') },
  {},
];

const BY_ROLE = `  naming the shopper                      1 delivery, 0 events and 0 exported lists
  naming the store or its staff alone     1 delivery, 0 events and 0 exported lists
  called off, as it is not forwarded yet  0 forwards
`;

Deno.test("journal erase tells what will go, by role, and asks", async () => {
  await withJournal(async (world) => {
    await world.record(...TO_ERASE);
    const erase = ["journal", "erase", "--email", "ann@example.com"];
    const sizes = () =>
      world.write(async (journal) =>
        Promise.resolve(await Array.fromAsync(journal.each(), ({ bodyBytes }) => bodyBytes > 0))
      );
    const dry = await world.run(...erase, "--dry-run");
    assertEquals(dry, { code: 0, out: `This would go:\n${BY_ROLE}`, err: "" });
    const no = await world.runAnswering(false, ...erase);
    const asked = `This would go, for good:\n${BY_ROLE}Erase it?\n`;
    assertEquals(no, { code: 1, out: "", err: `${asked}Nothing was changed\n` });
    assertEquals(await sizes(), [true, true, true]);
    const none = { deliveries: 0, events: 0, exportVersions: 0 };
    const shopper = await world.run(...erase, "--role", "shopper", "--json");
    const one = { dryRun: false, ...none, deliveries: 1, forwards: 0, ofStore: none };
    assertEquals(JSON.parse(shopper.out), one);
    assertEquals(await sizes(), [false, true, true]);
    assertEquals((await world.runAnswering(true, ...erase)).code, 0);
    assertEquals(await sizes(), [false, false, true]);
    const unasked = await world.runAnswering(false, ...erase, "--yes");
    assertMatch(unasked.out, /^Erased the data of 0 deliveries, /);
    assertEquals((await world.run(...erase, "--role", "boss")).code, 2);
  });
});

Deno.test("journal erase wants an address", async () => {
  await withJournal(async (world) => {
    const [none, wrong] = await Promise.all([
      world.run("journal", "erase"),
      world.run("journal", "erase", "--email", "ann"),
    ]);
    assertEquals([none?.code, wrong?.code], [2, 2]);
    assertMatch(none?.err ?? "", /^The address is missing: give --email ADDRESS\n/);
    assertMatch(wrong?.err ?? "", /^Cannot erase "ann": it is not an e-mail address\n/);
  });
});
