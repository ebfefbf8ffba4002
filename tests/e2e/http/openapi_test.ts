import { assertEquals } from "@std/assert";
import { Validator } from "@seriousme/openapi-schema-validator";
import { join } from "@std/path";
import type { Handler } from "../../../handlers/handler.ts";
import { handlers } from "../../../handlers/mod.ts";
import { type Answered, type Contract, readContract } from "../../lib/openapi/contract.ts";
import { headOf } from "../delivery.ts";
import { type Program, runProgram, startProgram, temporaryFolder } from "../program.ts";
import { connect } from "../raw_http.ts";

const TOKEN = "a-token-of-22-letters-";
const MAX_BODY_BYTES = 100_000;

/** An endpoint of a kind, as the test calls it and as the description names it. */
interface Called {
  readonly handler: Handler;
  readonly key: string;
  readonly target: string;
  readonly path: string;
}

const called: readonly Called[] = handlers.map((handler) => {
  const [key, path] = [handler.sample.sender.newKey(), `/${handler.kind}`];
  return handler.kind === "ultracart.events"
    ? { handler, key, target: `${path}/${TOKEN}`, path: `${path}/{token}` }
    : { handler, key, target: path, path };
});

/** What an endpoint needs beside the key for a good answer to its sample. */
const SETTINGS: Readonly<Record<string, object>> = {
  "ustore.order-approval": { otherwise: { customConfig: true } },
  "ustore.manufacturer": { otherwise: { customConfiguration: true } },
  "ultracart.events": { pathToken: TOKEN },
};

const CONFIG = {
  server: { maxBodyBytes: MAX_BODY_BYTES, bodyTimeoutMs: 300 },
  endpoints: called.map(({ handler: { kind, sample }, key }) => ({
    path: `/${kind}`,
    kind,
    ...SETTINGS[kind],
    ...sample.sender.settings(key),
  })),
};

/** What nothing can be asked for: the server would have to be out of order. */
const OUT_OF_ORDER = /(?:429|500|503)$/;
/** Asked of one endpoint alone: it takes its time. */
const SLOW = /408$/;

async function ask(url: string, path: string, init: RequestInit = {}): Promise<Answered> {
  const response = await fetch(url, { redirect: "manual", ...init });
  const { status, headers } = response;
  return { path, method: init.method ?? "GET", status, headers, text: await response.text() };
}

/** Sends what a platform would, with other headers or another body where they are given. */
async function send(
  { url }: Program,
  { handler: { sample }, key, target, path }: Called,
  { body = JSON.stringify(sample.request), headers = {} }: {
    readonly body?: string;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<Answered> {
  const bytes = new TextEncoder().encode(body);
  const prepared = await sample.sender.prepare({
    ...{ url: `${url}${target}`, body: bytes, key, language: "en", isSample: false },
  });
  const { Expect: _, ...all } = { Expect: "", ...prepared.headers, ...headers };
  return await ask(prepared.url, path, { method: "POST", body: bytes, headers: all });
}

async function answersOf(program: Program, one: Called): Promise<readonly Answered[]> {
  const [url, { path, handler }] = [`${program.url}${one.target}`, one];
  const probes = handler.wire.answer === undefined ? ["HEAD", "OPTIONS"] : [];
  return [
    await send(program, one),
    await send(program, one, { body: "{" }),
    await send(program, one, { body: "x".repeat(MAX_BODY_BYTES + 1) }),
    await send(program, one, {
      headers: { "Content-Type": "text/plain", "Content-Encoding": "br" },
    }),
    await ask(url, path, { method: "POST", body: "{}", headers: { "Content-Type": "text/json" } }),
    await ask(url, path, { method: "PUT", body: "{}" }),
    ...await Promise.all(probes.map((method) => ask(url, path, { method }))),
  ];
}

/** A body that never ends. */
async function answerToSlowBody(program: Program, { target, path }: Called): Promise<Answered> {
  using connection = await connect(program);
  await connection.send(headOf({ target, body: "{}" }), "{");
  const { status, headers, text } = await connection.response();
  return { path, method: "POST", status, headers: new Headers({ ...headers }), text };
}

async function ownAnswers({ url, adminUrl }: Program, exported: string) {
  const ownPaths = ["/livez", "/readyz", "/healthz"].map((path) =>
    [`${url}${path}`, path] as const
  );
  const others = [
    [exported, "/exports/{file}"],
    [`${adminUrl}/metrics`, "/metrics"],
    [`${adminUrl}/docs/errors`, "/docs/{page}"],
  ] as const;
  const answers: Answered[] = [];
  for (const [address, path] of [...ownPaths, ...others]) {
    for (const method of ["GET", "HEAD", "PUT"]) answers.push(await ask(address, path, { method }));
    answers.push({ ...await ask(address, path, { method: "DELETE" }), method: "HEAD", text: "" });
  }
  for (const suffix of [".html", ".json", ".csv"]) {
    answers.push(await ask(`${exported}${suffix}`, "/exports/{file}"));
  }
  for (const method of ["GET", "HEAD"]) {
    answers.push(await ask(`${url}/exports/nobody`, "/exports/{file}", { method }));
    answers.push(await ask(`${adminUrl}/docs/nothing`, "/docs/{page}", { method }));
  }
  return answers;
}

/** Asks under a name that is none of the program's, and under one that is no name. */
async function answersUnderOtherNames({ port, adminUrl }: Program, exported: string) {
  const adminPort = Number(new URL(adminUrl).port);
  const asked = [
    [adminPort, "/livez", "/livez"],
    [adminPort, "/metrics", "/metrics"],
    [adminPort, "/docs/errors", "/docs/{page}"],
    [port, "/readyz", "/readyz"],
    [port, "/healthz", "/healthz"],
    [port, exported, "/exports/{file}"],
  ] as const;
  const answers: Answered[] = [];
  for (const [on, target, path] of asked) {
    for (const method of ["GET", "HEAD"]) {
      for (const host of ["a b", "evil.example"]) {
        using connection = await connect({ port: on });
        await connection.send(`${method} ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
        const { status, headers, text } = await connection.response(method);
        answers.push({ path, method, status, headers: new Headers({ ...headers }), text });
      }
    }
  }
  return answers;
}

function promisesKept(contract: Contract, answers: readonly Answered[]) {
  const given = new Set(answers.flatMap(({ method, path, status }) => {
    const name = method === "PUT" ? ["get", "post"] : [method.toLowerCase()];
    return name.map((one) => `${one} ${path} ${status}`);
  }));
  return contract.promises.filter((promise) => !given.has(promise));
}

Deno.test("what the program answers is what openapi describes, and nothing is missing", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "config.json");
  await Deno.writeTextFile(file, JSON.stringify(CONFIG));
  const { code, stdout } = await runProgram(["openapi", "--config", file]);
  assertEquals(code, 0);
  const contract = readContract(JSON.parse(stdout));

  await using program = await startProgram({ config: file });
  const answers: Answered[] = [];
  for (const one of called) answers.push(...await answersOf(program, one));
  const [first] = called;
  if (first !== undefined) answers.push(await answerToSlowBody(program, first));
  const texts = answers.map(({ text }) => text).join("\n");
  const [exported = ""] = /\/exports\/[\w-]{22}/.exec(texts) ?? [];
  answers.push(...await ownAnswers(program, `${program.url}${exported}`));
  answers.push(...await answersUnderOtherNames(program, exported));

  assertEquals(answers.flatMap(contract.mistakesOf), []);
  const missing = promisesKept(contract, answers)
    .filter((promise) => !OUT_OF_ORDER.test(promise) && !SLOW.test(promise))
    // The type of an event may also stand below the endpoint: the answers are the same.
    .filter((promise) => !promise.includes("/emporix.events/{type}"));
  assertEquals(missing, []);
});

Deno.test("openapi describes an endpoint of every kind where there is no config", async () => {
  await using folder = await temporaryFolder();
  const { code, stdout, stderr } = await runProgram(["openapi"], { cwd: folder.path });
  assertEquals([code, stderr], [0, ""]);
  assertEquals(await new Validator().validate(JSON.parse(stdout)), { valid: true });
  const { tags } = JSON.parse(stdout);
  assertEquals(tags.map(({ name }: { name: string }) => name), handlers.map(({ kind }) => kind));
  assertEquals(Array.from(Deno.readDirSync(folder.path)), []);
});
