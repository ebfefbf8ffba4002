import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import {
  APPROVAL_ANSWER,
  deliver,
  hmac,
  KEY,
  PATHS,
  sample,
  type SampleName,
  withoutNames,
} from "../delivery.ts";
import { ROOT, shareProgram, SHIPPED_CONFIG, startProgram, temporaryFolder } from "../program.ts";
import { findTool } from "../tool.ts";

const test = shareProgram();
const curl = findTool("curl", "--version");
const curlOfHttp2 = findTool("curl", "--version", "HTTP2");
const openssl = findTool("openssl", "version");
const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

/** The vendor's answer, or what this config makes of the list, without white space. */
function expectedAnswer(name: SampleName): string {
  const file = `ustore-${name.replace("_", "-")}.answer.json`;
  return JSON.stringify(JSON.parse(Deno.readTextFileSync(join(ROOT, "tests/fixtures", file))));
}

for (const name of ["order_approval", "manufacturer", "cart_export"] as const) {
  test(`the shipped config answers the vendor's ${name}: status, headers, body`, async (program) => {
    const body = sample(name);
    const response = await deliver(program, { target: PATHS[name], body });
    const answer = response.text;
    assertEquals(response.status, 200);
    assertEquals(withoutNames(answer), expectedAnswer(name));
    const { date = "", vary: _vary, "x-request-id": requestId = "", ...headers } = response.headers;
    assertEquals(headers, {
      "content-type": "application/json",
      "content-length": String(answer.length),
      "cache-control": "no-store, no-transform",
      "x-signature": hmac(answer),
    });
    assertMatch(requestId, UUID);
    assertMatch(date, /GMT$/);
  });

  test(`curl and openssl agree on ${name}`, async (program) => {
    const hmacBy = async (bytes: Uint8Array) =>
      (await openssl.run(["dgst", "-sha512", "-hmac", KEY, "-binary"], bytes)).toBase64();
    const body = sample(name);
    const received = await curl.run([
      ...["--silent", "--include", "--max-time", "10", "--data-binary", "@-"],
      ...["--header", "Content-Type: application/json", "--header", "Accept-Encoding: gzip, br"],
      ...["--header", `X-Signature: ${await hmacBy(body)}`, `${program.url}${PATHS[name]}`],
    ], body);
    const [head = "", answer = ""] = new TextDecoder().decode(received)
      .replace(/^HTTP\/1\.1 100 .*?\r\n\r\n/s, "").split("\r\n\r\n");
    assertMatch(head, /^HTTP\/1\.1 200 OK\r\n/);
    assertEquals(withoutNames(answer), expectedAnswer(name));
    const [, signature] = /^x-signature: (.+)$/im.exec(head.replaceAll("\r", "")) ?? [];
    assertEquals(signature, await hmacBy(new TextEncoder().encode(answer)));
  }, curl.missing ?? openssl.missing);
}

test("curl over HTTP/2 without TLS gets the same answer", async (program) => {
  const body = sample("order_approval");
  const answer = await curlOfHttp2.run([
    ...["--silent", "--max-time", "10", "--http2-prior-knowledge", "--data-binary", "@-"],
    ...["--header", "Content-Type: application/json", "--header", `X-Signature: ${hmac(body)}`],
    `${program.url}${PATHS.order_approval}`,
  ], body);
  assertEquals(new TextDecoder().decode(answer), APPROVAL_ANSWER);
}, curlOfHttp2.missing);

test("an exported list has the same names after a restart, and another list has others", async () => {
  await using folder = await temporaryFolder();
  const env = { STOREHOOK_JOURNAL_PATH: join(folder.path, "journal.db") };
  const delivery = { target: PATHS.cart_export, body: sample("cart_export") };
  async function exportOnce(body: string | Uint8Array = delivery.body) {
    await using program = await startProgram({ env });
    const { status, text } = await deliver(program, { ...delivery, body });
    program.kill("SIGTERM");
    await program.status;
    assertEquals(status, 200);
    return text;
  }
  const first = await exportOnce();
  assertEquals(await exportOnce(), first);
  const other = new TextDecoder().decode(delivery.body).replace("e3f6c1de", "e3f6c1df");
  const [one, another] = [first, await exportOnce(other)].map((text) => JSON.parse(text));
  assertEquals(one.externalID === another.externalID, false);
  assertEquals(one.externalUrl === another.externalUrl, false);
});

test("the banner names each endpoint's URL and what to try next", ({ url, adminUrl, stdout }) => {
  const lines = stdout().split("\n");
  const width = `${url}/ustore/order-approval`.length;
  assertMatch(lines[0] ?? "", /^Storehook \d+\.\d+\.\d+ listens on http:\/\/127\.0\.0\.1:\d+$/);
  assertEquals(lines.slice(1), [
    "",
    `  ${url}/ustore/order-approval   which group must approve this order`,
    `  ${url}/ustore/manufacturer     which manufacturer makes each item of this order`,
    `  ${url}/ustore/cart-export      where an exported cart goes`,
    `  ${url}/readyz                  whether it is ready`,
    `  ${`${adminUrl}/`.padEnd(width)}   the console, to see what happened and why`,
    `  ${`${adminUrl}/metrics`.padEnd(width)}   how it fares, for Prometheus`,
    "",
    "Try next, in another terminal:",
    `  npx -y deno@${Deno.version.deno} run -A main.ts send ustore.order-approval ` +
    `--to ${url}/ustore/order-approval --key development-key`,
    `  npx -y deno@${Deno.version.deno} run -A main.ts check --config ${SHIPPED_CONFIG}`,
    "",
    "Stop it with Ctrl+C.",
    "",
  ]);
});

test("the shipped config listens on loopback, with the development key", () => {
  const config = JSON.parse(Deno.readTextFileSync(SHIPPED_CONFIG));
  assertEquals(config.server.hostname, "127.0.0.1");
  assertEquals(
    config.endpoints.map((endpoint: Record<string, unknown>) => endpoint["signatureKeys"]),
    [1, 2, 3].map(() => ["${USTORE_SIGNATURE_KEY:-development-key}"]),
  );
});
