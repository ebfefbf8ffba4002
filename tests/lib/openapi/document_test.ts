import { assertEquals } from "@std/assert";
import { Validator } from "@seriousme/openapi-schema-validator";
import { handlers } from "../../../handlers/mod.ts";
import { Problem, PROBLEM_STATUSES, type ProblemCode } from "../../../lib/http/problem/problem.ts";
import { refuse } from "../../../lib/http/problem/problem_answer.ts";
import { main } from "../../../lib/cli/mod.ts";
import { fakeTerminal } from "../cli/fake_terminal.ts";
import { type Contract, readContract } from "./contract.ts";

const FIXTURES = new URL("../../fixtures/", import.meta.url);
const TOKEN = "a-token-that-nobody-may-see";
const SECRETS = ["a-signature-key", "an-emporix-secret", "a-password", TOKEN];

const CONFIG = {
  endpoints: [
    {
      path: "/approval",
      kind: "ustore.order-approval",
      signatureKeys: [SECRETS[0]],
      otherwise: { approve: true },
    },
    { path: "/emporix", kind: "emporix.events", auth: { type: "emporix", secrets: [SECRETS[1]] } },
    {
      path: "/ultracart",
      kind: "ultracart.events",
      pathToken: TOKEN,
      auth: { type: "basic", username: "ultracart", password: SECRETS[2] },
    },
    { path: "/ultracart2", kind: "ultracart.events", auth: { type: "none" } },
  ],
};

async function openapi(config: object) {
  const file = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(file, JSON.stringify(config));
    const terminal = fakeTerminal();
    const code = await main(["openapi", "--config", file], terminal);
    return { code, text: terminal.output(), errors: terminal.errors() };
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("openapi writes what a public validator of OpenAPI 3.1 accepts", async () => {
  for (const config of [CONFIG, { endpoints: [] }]) {
    const { code, text } = await openapi(config);
    assertEquals(code, 0);
    const validator = new Validator();
    assertEquals(await validator.validate(JSON.parse(text)), { valid: true });
    assertEquals(validator.version, "3.1");
  }
});

Deno.test("openapi describes the paths of a config, and no secret of it", async () => {
  const { text } = await openapi(CONFIG);
  assertEquals(Object.keys(JSON.parse(text).paths), [
    "/approval",
    "/emporix",
    "/emporix/{type}",
    "/ultracart/{token}",
    "/ultracart2",
    "/livez",
    "/readyz",
    "/healthz",
    "/exports/{file}",
    "/metrics",
    "/docs/{page}",
  ]);
  assertEquals(SECRETS.filter((secret) => text.includes(secret)), []);
});

Deno.test("openapi tells the mistakes of a config", async () => {
  const { code, text, errors } = await openapi({ endpoints: [{ path: "/a", kind: "wrong" }] });
  assertEquals([code, text], [2, ""]);
  assertEquals(errors.includes("endpoints[0].kind"), true);
});

for (const { kind, sample, wire } of handlers) {
  Deno.test(`the description of ${kind} fits its sample`, async () => {
    const contract = await describeAll();
    const name = wire.request().meta()?.id ?? `${kind}.request`;
    assertEquals(contract.mistakesIn(name, sample.request), []);
  });
}

Deno.test("the description fits the vendors' documents", async () => {
  const contract = await describeAll();
  for (const name of ["order-approval", "manufacturer", "cart-export"]) {
    const file = new URL(`ustore-${name}.answer.json`, FIXTURES);
    const answer = JSON.parse(await Deno.readTextFile(file));
    assertEquals(contract.mistakesIn(`ustore.${name}.answer`, answer), []);
  }
});

Deno.test("the description tells an order from something else", async () => {
  const contract = await describeAll();
  for (const wrong of [[], {}, { Order: null }, { Order: { Prices: [] } }]) {
    assertEquals(contract.mistakesIn("UStoreOrder", wrong).length > 0, true);
  }
});

Deno.test("every error is described, with the body and headers that it has", async () => {
  const contract = await describeAll();
  const codes = Object.keys(PROBLEM_STATUSES).filter(isCode);
  for (const code of codes) {
    const options = code === "method_not_allowed" ? { headers: { Allow: "POST" } } : {};
    const answer = refuse(new Request("http://host/"), new Problem(code, options));
    const elsewhere: Readonly<Record<number, string>> = { 404: "/exports/{file}", 421: "/readyz" };
    const own = elsewhere[answer.status];
    const [method, path] = own === undefined ? ["POST", "/events"] : ["GET", own];
    const { status, headers } = answer;
    assertEquals(
      contract.mistakesOf({ method, path, status, headers, text: await answer.text() }),
      [],
    );
  }
});

function isCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEM_STATUSES, code);
}

let all: Contract | undefined;

/** The description of an endpoint of every kind, made once. */
async function describeAll() {
  const endpoints = handlers.map(({ kind, sample: { sender } }) => ({
    path: `/${kind}`,
    kind,
    ...sender.settings(sender.newKey()),
  }));
  all ??= readContract(JSON.parse((await openapi({ endpoints })).text));
  return all;
}
