/** How requests leave the program: by which proxy, and whose certificates are trusted. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { APPROVAL_ANSWER, assertSigned, deliver, KEY } from "../delivery.ts";
import { serveHttp } from "../http_server.ts";
import { createQueue } from "../../lib/forward/queue.ts";
import { withReceiver } from "../../lib/forward/receiver.ts";
import { type Program, runProgram, startProgram, temporaryFolder } from "../program.ts";
import { runHere } from "../run_here.ts";
import { SERVICE_KEY, signed, startThirdParty } from "../third_party.ts";
import { createAuthority, openssl } from "./openssl.ts";

const EVENT = JSON.stringify({ type: "order.created", data: { number: 1 } });

async function sendEvent({ url }: Program): Promise<void> {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(`${url}/events`, { method: "POST", headers, body: EVENT });
  assertEquals([response.status, await response.text()], [204, ""]);
}

function forwardingTo(destinations: object): object {
  const forward = Object.keys(destinations);
  const endpoint = { path: "/events", kind: "events", auth: { type: "none" }, forward };
  return { endpoints: [endpoint], destinations };
}

/** Serves HTTPS with the certificate "server" of a folder, and passes on what is sent. */
async function serveTls(folder: string, push: (body: string) => void) {
  const read = (name: string) => Deno.readTextFile(join(folder, name));
  const [cert, key] = [await read("server.crt"), await read("server.key")];
  return serveHttp(async (request) => {
    push(await request.text());
    return new Response(null, { status: 204 });
  }, { tls: { cert, key } });
}

Deno.test("a proxy of the environment gets nothing that is for this machine, and else only when it is named", async () => {
  const proxied = createQueue<string>();
  const direct = createQueue<string>();
  const takes = (queue: typeof direct) => ({ body }: { readonly body: Uint8Array }) => {
    queue.push(new TextDecoder().decode(body));
    return new Response(null, { status: 204 });
  };
  await withReceiver(takes(proxied), async (proxy) => {
    await withReceiver(takes(direct), async (receiver) => {
      const url = `http://${proxy.host}`;
      // Else the runtime itself looks for a newer one, by this proxy.
      const quiet = { DENO_NO_UPDATE_CHECK: "1" };
      const env = { HTTP_PROXY: url, http_proxy: url, ALL_PROXY: url, ...quiet };
      const local = { type: "http", url: receiver.url };
      const away = { type: "http", url: "http://erp.example/hooks" };
      const config = forwardingTo({
        plain: local,
        named: { ...local, proxy: "environment" },
        away: { ...away, proxy: "environment" },
        by: { ...away, proxy: url },
        alone: { ...away, url: "http://nowhere.invalid/", retrySeconds: [] },
      });
      await using program = await startProgram({ config, env });
      await sendEvent(program);
      await direct.take(2);
      await proxied.take(2);
      await program.logged(/Cannot reach nowhere\.invalid: its name is not known/);
      assertEquals([direct.size, proxied.size], [0, 0]);
    });
  });
});

Deno.test("a service is asked by the proxy that is named for it, and by no other", async () => {
  // It stands for the proxy: what comes there names the service in full.
  await using proxy = startThirdParty(() => signed(APPROVAL_ANSWER));
  const proxyUrl = new URL(proxy.url).origin;
  const service = { url: "http://budget.example/approve", signatureKey: SERVICE_KEY };
  const approval = { kind: "ustore.order-approval", signatureKeys: [KEY], groups: [10065] };
  const env = { HTTP_PROXY: proxyUrl, http_proxy: proxyUrl, DENO_NO_UPDATE_CHECK: "1" };
  await using program = await startProgram({
    env,
    config: {
      services: {
        by: { ...service, proxy: proxyUrl },
        environment: { ...service, proxy: "environment" },
        none: { ...service, url: "http://nowhere.invalid/", onFailure: { group: 10065 } },
      },
      endpoints: [
        { path: "/by", ...approval, otherwise: { ask: "by" } },
        { path: "/environment", ...approval, otherwise: { ask: "environment" } },
        { path: "/none", ...approval, otherwise: { ask: "none" } },
      ],
    },
  });
  for (const target of ["/by", "/environment"]) {
    const response = await deliver(program, { target });
    assertEquals([response.status, response.text], [200, APPROVAL_ANSWER]);
    assertSigned(response);
  }
  assertEquals(proxy.asked.map(({ headers }) => headers.get("host")), [
    "budget.example",
    "budget.example",
  ]);
  assertEquals((await deliver(program, { target: "/none" })).status, 200);
  assertEquals(proxy.asked.length, 2);
});

Deno.test("check shows by which proxy services and destinations are reached", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "config.json");
  const url = "https://erp.example/hooks";
  const config = forwardingTo({
    env: { type: "http", url, proxy: "environment" },
    none: { type: "http", url },
    url: { type: "http", url, proxy: "http://me:pass-word@other.example:8080" },
    here: { type: "http", url: "http://localhost:9000/", proxy: "environment" },
    hot: { type: "folder", path: "hot" },
  });
  await Deno.writeTextFile(file, JSON.stringify(config));
  const env = { HTTPS_PROXY: "http://proxy.example:3128" };
  const { code, stdout } = await runProgram(["check", "--config", file], { env });
  assertEquals(code, 0);
  const said = (name: string) => new RegExp(`^ +${name} +\\S.*$`, "m").exec(stdout)?.[0];
  assertStringIncludes(said("env") ?? "", "erp.example/hooks, by the proxy proxy.example:3128");
  assertStringIncludes(said("none") ?? "", '/hooks, without a proxy ("proxy": "environment" would');
  assertStringIncludes(said("url") ?? "", "by the proxy other.example:8080");
  assertStringIncludes(said("here") ?? "", "localhost:9000/, without a proxy");
  assertStringIncludes(said("hot") ?? "", join(folder.path, "hot"));
  assertEquals(stdout.includes("pass-word"), false);
  const wrong = forwardingTo({ erp: { type: "http", url, proxy: "proxy" } });
  await Deno.writeTextFile(file, JSON.stringify(wrong));
  const refused = await runProgram(["check", "--config", file], { env });
  assertEquals(refused.code, 2);
  assertStringIncludes(refused.stdout, "wanted none, environment, or a URL");
});

Deno.test({
  name:
    "a private authority is trusted when caFile names it, and each wrong certificate is told apart",
  ignore: openssl.missing !== undefined,
  async fn() {
    await using folder = await temporaryFolder();
    const at = (name: string) => join(folder.path, name);
    const authority = await createAuthority(folder.path);
    await authority.sign("server");
    const got = createQueue<string>();
    await using server = await serveTls(folder.path, got.push);
    const { port } = server;
    const one = { type: "http", url: `https://localhost:${port}/`, retrySeconds: [] };
    const file = at("config.json");
    const config = forwardingTo({
      trusted: { ...one, caFile: "authority.crt" },
      unknown: one,
      named: { ...one, url: `https://wrong.localhost:${port}/`, caFile: "authority.crt" },
    });
    await Deno.writeTextFile(file, JSON.stringify(config));
    const journal = { STOREHOOK_JOURNAL_PATH: at("journal.db") };
    await using program = await startProgram({ config: file, env: journal });
    await sendEvent(program);
    assertEquals(await got.next(), EVENT);
    await program.logged(/unknown.*authority that is not known here|not known here.*unknown/);
    assertEquals(got.size, 0);

    await Deno.writeTextFile(
      file,
      JSON.stringify(forwardingTo({ a: { ...one, caFile: "no.pem" } })),
    );
    const check = await runHere(["check", "--config", file]);
    assertMatch(
      check.stdout,
      /destinations\.a\.caFile\n {2}Cannot read "no\.pem": there is no such file/,
    );
    await Deno.writeTextFile(at("no.pem"), "no certificate");
    const empty = await runHere(["check", "--config", file]);
    assertStringIncludes(empty.stdout, "it holds no certificate in PEM form");
  },
});

Deno.test({
  name: "another authority in caFile is trusted while the server runs",
  ignore: openssl.missing !== undefined,
  async fn() {
    await using folder = await temporaryFolder();
    await using other = await temporaryFolder();
    const at = (name: string) => join(folder.path, name);
    const [authority, stranger] = [
      await createAuthority(folder.path),
      await createAuthority(other.path),
    ];
    await authority.sign("server");
    const got = createQueue<string>();
    await using server = await serveTls(folder.path, got.push);
    await Deno.copyFile(stranger.certificate, at("trusted.crt"));
    const url = `https://localhost:${server.port}/`;
    const erp = { type: "http", url, caFile: "trusted.crt", retrySeconds: Array(50).fill(0.2) };
    const file = at("config.json");
    await Deno.writeTextFile(file, JSON.stringify(forwardingTo({ erp })));
    const env = { STOREHOOK_JOURNAL_PATH: at("journal.db") };
    await using program = await startProgram({ config: file, env });
    await sendEvent(program);
    // Both authorities have the same name, as one has before and after it is renewed.
    await program.logged(/not signed by the authority of that name in caFile/);
    await Deno.copyFile(authority.certificate, at("trusted.crt"));
    assertEquals(await got.next(), EVENT);
  },
});

Deno.test("check warns of what is no longer reached by the proxy of the environment", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "config.json");
  const away = { type: "http", url: "https://erp.example/hooks" };
  const config = forwardingTo({
    unsaid: away,
    named: { ...away, proxy: "environment" },
    without: { ...away, proxy: "none" },
    local: { type: "http", url: "http://127.0.0.1:9/" },
    plain: { type: "http", url: "http://erp.example/hooks" },
  });
  await Deno.writeTextFile(file, JSON.stringify(config));
  const env = { HTTPS_PROXY: "http://proxy.example:3128", DENO_NO_UPDATE_CHECK: "1" };
  const { code, stdout } = await runProgram(["check", "--config", file], { env });
  assertEquals(code, 0);
  assertEquals(stdout.match(/\S+\.proxy(?=\n)/g), ["destinations.unsaid.proxy"]);
  assertStringIncludes(stdout, 'Write "proxy": "environment" to go by it, or "proxy": "none"');
});
