/** Numbers keep their own text, from the JSON that comes in to everything that goes out. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { assertSigned, deliver, KEY } from "../delivery.ts";
import { ROOT, startProgram, temporaryFolder } from "../program.ts";
import { runHere } from "../run_here.ts";
import { startReceiver } from "../receiver.ts";
import { SERVICE_KEY, signed, startThirdParty } from "../third_party.ts";

const TAX = Deno.readTextFileSync(join(ROOT, "handlers/ustore/samples/tax.json"));

Deno.test("a service's numbers reach uStore, the journal and explain as the service wrote them", async () => {
  const said = '{"TotalTax":8.10,"TransactionId":9007199254740993,"Rate":0.10,"Limit":1e400,' +
    '"Parts":[-0,1E2,{"Share":0.3300}]}';
  await using party = startThirdParty(() => signed(said));
  await using folder = await temporaryFolder();
  const config = {
    journal: { path: join(folder.path, "journal.db") },
    services: { taxes: { url: party.url, signatureKey: SERVICE_KEY } },
    endpoints: [{
      path: "/tax",
      kind: "ustore.tax",
      signatureKeys: [KEY],
      otherwise: { ask: "taxes" },
    }],
  };
  const file = join(folder.path, "config.json");
  const order = join(folder.path, "order.json");
  await Deno.writeTextFile(file, JSON.stringify(config));
  await Deno.writeTextFile(order, TAX);
  const env = { STOREHOOK_JOURNAL_PATH: join(folder.path, "journal.db") };
  await using program = await startProgram({ config: file, env });
  const response = await deliver(program, { target: "/tax", body: TAX });
  assertEquals([response.status, response.text], [200, said]);
  assertSigned(response);

  const listed = await runHere(["deliveries", "list", "--json", "--config", file], { env });
  assertStringIncludes(listed.stdout, `"said":${said}`);
  const { id } = JSON.parse(listed.stdout.split("\n")[0] ?? "");
  for (const flags of [["--json"], []]) {
    const shown = await runHere(["deliveries", "show", id, "--config", file, ...flags], { env });
    assertStringIncludes(shown.stdout, said);
  }
  const explained = ["explain", "ustore.tax", "--body", order, "--config", file, "--ask"];
  for (const flags of [["--json"], []]) {
    assertStringIncludes((await runHere([...explained, ...flags])).stdout, said);
  }
  const csv = ["deliveries", "export", "--format", "csv", "--config", file];
  assertStringIncludes((await runHere(csv, { env })).stdout, said.replaceAll('"', '""'));
});

Deno.test("a fixed tax is rounded half up", async () => {
  const endpoint = { kind: "ustore.tax", signatureKeys: [KEY] };
  await using program = await startProgram({
    config: {
      endpoints: [
        { ...endpoint, path: "/text", answer: { as: "text" }, otherwise: { tax: 1.005 } },
        { ...endpoint, path: "/number", otherwise: { tax: 1.005 } },
        { ...endpoint, path: "/yen", rounding: { decimals: 0 }, otherwise: { tax: 2.5 } },
      ],
    },
  });
  const answers = await Promise.all(
    ["/text", "/number", "/yen"].map((target) => deliver(program, { target, body: TAX })),
  );
  assertEquals(answers.map(({ text }) => text), [
    '{"TotalTax":"1.01"}',
    '{"TotalTax":1.01}',
    '{"TotalTax":3}',
  ]);
});

Deno.test("an exported list's quantities and ids keep their text on its page and in its files", async () => {
  await using program = await startProgram();
  const items = ["1250.50", "9007199254740993.25", "3", '"2.500"']
    .map((quantity, index) => `{"ID":${index}e0,"product":{"name":"P"},"quantity":${quantity}}`);
  const body = '{"store":{"id":1.0},"list":{"id":12345678901234567890,"externalID":8.10,' +
    `"items":[${items.join()}]}}`;
  const response = await deliver(program, { target: "/ustore/cart-export", body });
  assertEquals(response.status, 200);
  const { externalID, externalUrl } = JSON.parse(response.text);
  assertEquals(externalID, "8.10");
  const url = `${program.url}${new URL(externalUrl).pathname}`;
  const get = async (suffix: string) => await (await fetch(url + suffix)).text();
  const json = await get(".json");
  assertStringIncludes(json, '"listId": "12345678901234567890"');
  assertEquals([...json.matchAll(/"quantity": (.*),/g)].map(([, text]) => text), [
    "1250.50",
    "9007199254740993.25",
    "3",
    "2.500",
  ]);
  assertStringIncludes(
    await get(".csv"),
    "P,,,1250.50,,,\r\nP,,,9007199254740993.25,,,\r\nP,,,3,,,\r\nP,,,2.500,,,",
  );
  const page = await get(".html");
  for (const quantity of ["1,250.50", "9,007,199,254,740,993.25", "3", "2.500"]) {
    assertStringIncludes(page, `data-label="Quantity">${quantity}</td>`);
  }
});

Deno.test("a filter, a hot folder and a subject see an event's numbers as they were sent", async () => {
  await using receiver = startReceiver();
  await using folder = await temporaryFolder();
  const out = join(folder.path, "out");
  await Deno.mkdir(out);
  await using program = await startProgram({
    config: {
      destinations: {
        filtered: { type: "http", url: receiver.url },
        files: { type: "folder", path: out, format: "csv" },
      },
      endpoints: [{
        path: "/any",
        kind: "events",
        auth: { type: "none" },
        forward: [{
          to: "filtered",
          when: "event.fields['id'] == '12345678901234567890' && " +
            "event.fields['price'] == '19.90' && event.fields['list.1'] == '1e400'",
        }],
      }, { path: "/files", kind: "events", auth: { type: "none" }, forward: ["files"] }],
    },
  });
  const send = async (path: string, body: string) => {
    const headers = { "Content-Type": "application/json" };
    const response = await fetch(`${program.url}${path}`, { method: "POST", headers, body });
    assertEquals([response.status, await response.text()], [204, ""]);
  };
  const wanted = '{"id":12345678901234567890,"price":19.90,"list":[0,1e400]}';
  await send("/any", '{"id":12345678901234567000,"price":19.90,"list":[0,1e400]}');
  await send("/any", wanted);
  const [first] = await receiver.received(1);
  assertEquals(new TextDecoder().decode(first?.body), wanted);

  const watcher = Deno.watchFs(out);
  const timer = setTimeout(() => watcher.close(), 20_000);
  await send(
    "/files",
    '{"type":"refund.made","amount":-12.50,"order_id":-12345678901234567890,"x":-1e400}',
  );
  for await (const _event of watcher) {
    if (Array.from(Deno.readDirSync(out)).some(({ name }) => name.endsWith(".csv"))) break;
  }
  clearTimeout(timer);
  const [file] = Array.from(Deno.readDirSync(out)).filter(({ name }) => name.endsWith(".csv"));
  assertEquals(
    await Deno.readTextFile(join(out, file?.name ?? "")),
    "\uFEFFtype,amount,order_id,x\r\nrefund.made,-12.50,-12345678901234567890,-1e400\r\n",
  );
});
