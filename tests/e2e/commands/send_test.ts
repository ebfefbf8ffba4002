import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { APPROVAL_ANSWER, KEY, PATHS } from "../delivery.ts";
import { serveHttp } from "../http_server.ts";
import {
  runProgram,
  shareProgram,
  SHIPPED_CONFIG,
  startProgram,
  temporaryFolder,
} from "../program.ts";
import { runHere } from "../run_here.ts";

const test = shareProgram();
const KIND = "ustore.order-approval";

function send(to: string, ...more: readonly string[]) {
  return runHere(["send", KIND, "--to", to, "--key", KEY, ...more]);
}

/** What `send` says of an answer, without time and request id. */
async function sendTo(answer: () => Response) {
  await using server = serveHttp(answer);
  const { code, stdout } = await send(`${server.url}/`);
  return { code, stdout };
}

test("send plays the store, and tells of status, signature and shape", async ({ url }) => {
  const to = `${url}${PATHS.order_approval}`;
  const ran = await runProgram(["send", "ustore.order-approval", "--to", to, "--key", KEY]);
  assertEquals([ran.code, ran.stderr], [0, ""]);
  const lines = ran.stdout.trimEnd().split("\n").map((line) => line.split(/ {2,}/));
  const { time, "request id": requestId, ...rest } = Object.fromEntries(lines);
  assertEquals(rest, {
    status: "200",
    signature: "verified",
    shape: "ok",
    answer: APPROVAL_ANSWER,
  });
  assertMatch(time, /^\d+\.\d ms$/);
  assertMatch(requestId, /^[\da-f-]{36}$/);
});

test("send --json is one line for machines", async ({ url }) => {
  const to = `${url}${PATHS.manufacturer}`;
  const args = ["send", "ustore.manufacturer", "--to", to, "--key-env", "K", "--json"];
  const ran = await runProgram(args, { env: { K: KEY } });
  const { durationMs, requestId, ...rest } = JSON.parse(ran.stdout);
  assertEquals([ran.code, typeof durationMs, typeof requestId], [0, "number", "string"]);
  assertEquals(rest, {
    ok: true,
    kind: "ustore.manufacturer",
    to,
    status: 200,
    signature: "verified",
    shape: "ok",
    answer: '{"3087":"2","3088":"1"}',
  });
  assertEquals(ran.stdout.trimEnd().includes("\n"), false);
});

test("send says that a signature by another key is refused, and exits 1", async ({ url }) => {
  const to = `${url}${PATHS.order_approval}`;
  const args = ["send", "ustore.order-approval", "--to", to, "--key", "another-key"];
  const ran = await runHere([...args, "--language", "de"]);
  assertEquals([ran.code, ran.stderr], [1, ""]);
  assertMatch(ran.stdout, /^status {6}401\nsignature {3}wrong\n/);
  assertMatch(ran.stdout, /Die Signatur der Anfrage fehlt oder ist falsch\./);
});

test("send says when a path is wrong, and tells machines when nothing listens", async ({ url }) => {
  const send = (to: string) =>
    runHere(["send", "ustore.cart-export", "--to", to, "--key", KEY, "--json"]);
  const lost = await send(`${url}/nowhere`);
  const { ok, status, signature } = JSON.parse(lost.stdout);
  assertEquals([lost.code, ok, status, signature], [1, false, 404, "missing"]);
  const unheard = await send("http://127.0.0.1:1/x");
  assertEquals([unheard.code, JSON.parse(unheard.stdout).ok], [1, false]);
});

test("send says why there is no connection", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const closedPort = listener.addr.port;
  listener.close();
  const refused = await send(`http://127.0.0.1:${closedPort}/x`);
  assertEquals([refused.code, refused.stdout], [1, ""]);
  assertMatch(refused.stderr, /^Cannot send to http:.+\d\/x: the connection is refused.+ serve", /);
  const unknown = await send("http://no-such-host.invalid/x");
  assertMatch(unknown.stderr, /dns|lookup|resolve|name/i);
  await using plain = serveHttp(() => new Response());
  const { port } = plain;
  assertMatch((await send(`https://127.0.0.1:${port}/`)).stderr, /that port speaks HTTP,/);
});

test("send says that a redirect is not followed", async () => {
  const headers = { Location: "/elsewhere" };
  const { code, stdout } = await sendTo(() => new Response(null, { status: 302, headers }));
  assertEquals(code, 1);
  assertStringIncludes(
    stdout,
    "shape       redirected to /elsewhere; it is not followed, for what uStore does then is not " +
      "known\n",
  );
});

test("send tells a wrong shape in one line", async () => {
  const { stdout } = await sendTo(() => Response.json({ ApprovalGroupId: "x" }));
  assertMatch(stdout, /^shape {7}[^✖]*ApprovalGroupId[^✖]*$/m);
  assertEquals(stdout.includes("✖"), false);
  assertMatch(stdout, /\nshape {7}.+\ntime /);
});

test("send and explain refuse what is no language code", async () => {
  const [sent, explained] = await Promise.all([
    send("http://127.0.0.1:1/x", "--language", "de AT"),
    runHere(["explain", KIND, "--config", SHIPPED_CONFIG, "--language", "german!"]),
  ]);
  assertEquals([sent.code, explained.code], [2, 2]);
  assertStringIncludes(sent.stderr, 'Cannot use language "de AT": wanted a code such as fr');
});

test("the help of send and explain lists the kinds in columns", async () => {
  const { stdout } = await runHere(["send", "--help"]);
  assertMatch(stdout, /\n {2}ustore\.manufacturer {5}\S/);
});

test("send and explain name the command that explains an error", async (program) => {
  const to = `${program.url}${PATHS.order_approval}`;
  const sent = await runHere(["send", KIND, "--to", to, "--key", "another-key"]);
  assertStringIncludes(sent.stdout, "\nsee         storehook help signature_mismatch\n");
  const args = ["explain", KIND, "--config", SHIPPED_CONFIG, "--body", "-"];
  const explained = await runHere(args, { stdin: "{" });
  assertMatch(explained.stdout, /\nSee: storehook help not_json\n$/);
  const json = await runHere([...args, "--json"], { stdin: "{" });
  assertEquals(JSON.parse(json.stdout).see, "storehook help not_json");
});

test("the banner's check names the config that was given", (program) => {
  assertMatch(program.stdout(), /main\.ts check --config \S+config\.json\n/);
});

test("send takes its key from the config when none is given", async ({ url }) => {
  const to = `${url}${PATHS.order_approval}`;
  const ran = await runHere(["send", KIND, "--to", to, "--config", SHIPPED_CONFIG]);
  assertEquals([ran.code, ran.stderr], [0, ""]);
  assertMatch(ran.stdout, /^status {6}200\nsignature {3}verified\n/);
});

test("send takes every kind of key from the config, and the path token", async () => {
  await using folder = await temporaryFolder();
  const config = join(folder.path, "config.json");
  const secrets = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"];
  const token = "0123456789abcdef";
  const basic = { type: "basic", username: "ann", password: "correct-horse" };
  const endpoints = [
    { path: "/tax", kind: "ustore.tax", signatureKeys: ["the key of tax"] },
    { path: "/emporix", kind: "emporix.events", auth: { type: "emporix", secrets: ["emporix"] } },
    { path: "/uc", kind: "ultracart.events", pathToken: token, auth: basic },
    { path: "/events", kind: "events", auth: { type: "standard-webhooks", secrets } },
    { path: "/events/b", kind: "events", auth: basic },
  ];
  await Deno.writeTextFile(config, JSON.stringify({ server: { port: 0 }, endpoints }));
  await using program = await startProgram({ config });
  for (const { path, kind } of endpoints.slice(1)) {
    const args = ["send", kind, "--to", program.url + path, "--config", config, "--json"];
    const { code, stdout, stderr } = await runHere(args);
    assertEquals([path, code, stderr, JSON.parse(stdout).status], [path, 0, "", 204]);
    assertEquals([token, "correct-horse"].filter((secret) => stdout.includes(secret)), []);
  }
  const lost = await runHere([
    ...["send", "ustore.order-approval", "--to", program.url, "--config", config],
  ]);
  assertEquals(lost.code, 2);
  assertMatch(
    lost.stderr,
    /no endpoint of the kind "ustore\.order-approval" at that path; give --key K/,
  );
});

test("send says when the port speaks HTTP and not HTTPS", async ({ url }) => {
  const to = `${url.replace("http:", "https:")}${PATHS.order_approval}`;
  const ran = await send(to);
  assertEquals([ran.code, ran.stdout], [1, ""]);
  assertStringIncludes(
    ran.stderr,
    `: that port speaks HTTP, write --to ${to.replace("https:", "http:")}\n`,
  );
});
