/** Third parties that are asked, through the real program. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { APPROVAL_ANSWER, assertProblem, assertSigned, deliver, KEY, sample } from "../delivery.ts";
import { type Program, ROOT, runProgram, startProgram, temporaryFolder } from "../program.ts";
import {
  type Answering,
  endless,
  SERVICE_KEY,
  signatureOf,
  signed,
  startThirdParty,
} from "../third_party.ts";

const APPROVAL = { kind: "ustore.order-approval", signatureKeys: [KEY], groups: [10065] };
const ITEMS = '{"3088":"1","3087":"2"}';

/** A config whose endpoints leave everything to one third party. */
function configFor(url: string, settings: object = {}): object {
  const service = {
    url,
    signatureKey: SERVICE_KEY,
    breaker: { failures: 1000 },
    maxAnswerBytes: 1000,
    ...settings,
  };
  return {
    services: {
      plain: service,
      patient: { ...service, onFailure: { group: 12 } },
      taxes: { ...service, onFailure: { rates: true } },
      hasty: { ...service, timeoutMs: 50, onFailure: { approve: true } },
    },
    endpoints: [
      { path: "/plain", ...APPROVAL, otherwise: { ask: "plain" } },
      { path: "/patient", ...APPROVAL, otherwise: { ask: "patient" } },
      { path: "/hasty", ...APPROVAL, otherwise: { ask: "hasty" } },
      {
        path: "/items",
        kind: "ustore.manufacturer",
        signatureKeys: [KEY],
        manufacturers: { hanover: 2, dallas: 1 },
        otherwise: { ask: "plain" },
      },
      {
        path: "/tax",
        kind: "ustore.tax",
        signatureKeys: [KEY],
        rates: [{ country: "US", state: "TX", percent: 20 }],
        otherwise: { ask: "taxes" },
      },
    ],
  };
}

async function served(
  answering: Answering,
  run: (program: Program, party: ReturnType<typeof startThirdParty>) => Promise<void>,
) {
  await using party = startThirdParty(answering);
  await using program = await startProgram({ config: configFor(party.url) });
  await run(program, party);
}

Deno.test("a service gets the order as it came, signed for it, and its answer is signed for uStore", async () => {
  await served(() => signed(APPROVAL_ANSWER), async (program, party) => {
    const headers = { "X-Request-Id": "order-1", "Accept-Language": "fr-FR" };
    const response = await deliver(program, { target: "/plain", headers });
    assertEquals([response.status, response.text], [200, APPROVAL_ANSWER]);
    assertSigned(response);
    const [question] = party.asked;
    assertEquals(question?.body, new TextDecoder().decode(sample("order_approval")));
    assertEquals(question?.headers.get("x-signature"), signatureOf(question?.body ?? ""));
    assertEquals(question?.headers.get("x-request-id"), "order-1");
    assertEquals(question?.headers.get("accept-language"), "fr-FR");

    party.answer(() => signed(ITEMS));
    const items = { target: "/items", body: sample("manufacturer") };
    const routed = await deliver(program, items);
    assertEquals([routed.status, routed.text], [200, '{"3087":"2","3088":"1"}']);
    assertEquals(party.asked.length, 2);
    // A head of which a service would say that it is too large is not passed on.
    const wishes = { "Accept-Language": `fr-FR${", de".repeat(5000)}` };
    await deliver(program, { ...items, headers: wishes });
    assertEquals(party.asked[2]?.headers.get("accept-language"), `fr-FR${", de".repeat(254)}`);
    const metrics = await (await fetch(`${program.adminUrl}/metrics`)).text();
    assertMatch(metrics, /^storehook_service_calls_total{service="plain",outcome="answered"} 3$/m);
  });
});

Deno.test("a tax is what the service says, and by the table when it says nothing", async () => {
  const answer = '{"TotalTax":0.61,"Note":"reduced"}';
  await served(() => signed(answer), async (program, party) => {
    const body = Deno.readFileSync(join(ROOT, "handlers/ustore/samples/tax.json"));
    const said = await deliver(program, { target: "/tax", body });
    assertEquals([said.status, said.text], [200, answer]);
    assertSigned(said);
    party.answer(() => signed("{}"));
    const computed = await deliver(program, { target: "/tax", body });
    assertEquals([computed.status, computed.text], [200, '{"TotalTax":0.6}']);
    assertSigned(computed);
  });
});

/** Everything that a service can answer and nobody may believe. */
const LIES: Readonly<Record<string, Answering>> = {
  "another key's signature": () => signed(APPROVAL_ANSWER, 200, "another key"),
  "no signature": () => new Response(APPROVAL_ANSWER),
  "an unknown group": () => signed('{"ApprovalGroupId":4711,"IsApprovalNeeded":true}'),
  "another shape": () => signed('{"group":10065}'),
  "no JSON": () => signed("<html>"),
  "a 500": () => signed(APPROVAL_ANSWER, 500),
  "a redirect": () => Response.redirect("http://127.0.0.1:9/", 307),
  "a body without an end": () => endless("          "),
};

Deno.test("whatever lies a service tells, uStore gets a signed 503 or what onFailure says", async () => {
  await served(() => signed(APPROVAL_ANSWER), async (program, party) => {
    for (const [lie, answering] of Object.entries(LIES)) {
      party.answer(answering);
      const plain = await deliver(program, { target: "/plain" });
      assertProblem(plain, 503, "service_failed");
      assertEquals(plain.headers["retry-after"], "10", lie);
      const patient = await deliver(program, { target: "/patient" });
      assertEquals(patient.text, '{"ApprovalGroupId":12,"IsApprovalNeeded":true}', lie);
      assertSigned(patient);
    }
    party.answer(() => signed('{"3087":"2"}'));
    const items = { target: "/items", body: sample("manufacturer") };
    assertProblem(await deliver(program, items), 503, "service_failed");
    party.answer(() => signed('{"message":"Budget used up."}', 400));
    assertProblem(await deliver(program, { target: "/plain" }), 400, "refused", "Budget used up.");
  });
});

Deno.test("a shopper does not wait for a service that stalls", async () => {
  const gate = Promise.withResolvers<Response>();
  await served(() => gate.promise, async (program) => {
    const response = await deliver(program, { target: "/hasty" });
    assertEquals(response.text, '{"ApprovalGroupId":0,"IsApprovalNeeded":false}');
    gate.resolve(signed("{}"));
  });
});

Deno.test("a service that went away is left alone, and asked again once it is back", async () => {
  const first = startThirdParty(() => signed(APPROVAL_ANSWER));
  const config = configFor(first.url, { breaker: { failures: 2, resetMs: 100 } });
  await using program = await startProgram({ config });
  const ask = () => deliver(program, { target: "/plain" });
  assertEquals((await ask()).status, 200);
  await first[Symbol.asyncDispose]();
  for (let failures = 0; failures < 3; failures++) {
    assertProblem(await ask(), 503, "service_failed");
  }
  await program.logged(/plain\W+is not asked for a while, since it keeps failing/);
  await using back = startThirdParty(() => signed(APPROVAL_ANSWER), first.port);
  let answered = false;
  for (let tries = 0; !answered && tries < 10_000; tries++) {
    answered = (await ask()).status === 200;
  }
  await program.logged(/plain\W+answers again/);
  assertEquals(back.asked.length, 1);
});

Deno.test("explain asks only when told to, and the journal and backtest know what was said", async () => {
  await using folder = await temporaryFolder();
  await using party = startThirdParty(() => signed(APPROVAL_ANSWER));
  const file = join(folder.path, "config.json");
  const config = configFor(party.url);
  await Deno.writeTextFile(file, JSON.stringify(config));
  const env = { STOREHOOK_JOURNAL_PATH: join(folder.path, "journal.db") };
  const run = (...args: readonly string[]) => runProgram([...args, "--config", file], { env });
  const explain = ["explain", "ustore.order-approval"];
  const told = await run(...explain);
  assertEquals([told.code, party.asked.length], [0, 0]);
  assertMatch(told.stderr, /services\.plain\n {2}found no "onFailure".*\n.*\n\n1 warning in .*\n$/);
  assertMatch(told.stdout, /Answer: that of the service "plain", which --ask would really ask\n$/);
  const asked = await run(...explain, "--ask");
  assertEquals([asked.code, party.asked.length], [0, 1]);
  assertMatch(asked.stdout, /\n {2}service "plain" said .+ after [\d.]+ ms\n\nAnswer: 200 /);

  await using program = await startProgram({ config: file, env });
  await deliver(program, { target: "/plain", headers: { "X-Request-Id": "asked" } });
  party.answer(() => signed("{}", 500));
  await deliver(program, { target: "/patient", headers: { "X-Request-Id": "failed" } });
  await deliver(program, { target: "/plain" });
  const questions = party.asked.length;
  const [good, bad, backtest] = await Promise.all([
    run("deliveries", "show", "asked"),
    run("deliveries", "show", "failed"),
    run("backtest"),
  ]);
  assertStringIncludes(good.stdout, 'service "plain" said {"ApprovalGroupId":10065');
  assertStringIncludes(bad.stdout, 'service "patient" answered 500 after ');
  assertStringIncludes(bad.stdout, 'its onFailure takes its place: {"group":12}');
  assertEquals([backtest.code, party.asked.length], [0, questions]);
  assertMatch(backtest.stdout, /^3 deliveries decided again\n {2}3 {2}would be answered the same/);
});
