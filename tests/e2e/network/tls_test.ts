import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { requestOf } from "../delivery.ts";
import { createAuthority, openssl } from "./openssl.ts";
import { runProgram, startProgram, temporaryFolder } from "../program.ts";
import { findTool } from "../tool.ts";

const curl = findTool("curl", "--version", "https");
const missing = openssl.missing ?? curl.missing;
const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({
    name: missing === undefined ? name : `${name} (skipped: this machine has no ${missing})`,
    ignore: missing !== undefined,
    fn,
  });

const target = "/approve";
const key = "a-key-of-my-own";

function configOf(certificate: string): object {
  return {
    server: { port: 0, tls: { certificate, key: certificate.replace(".crt", ".key") } },
    endpoints: [{
      path: target,
      kind: "ustore.order-approval",
      signatureKeys: [key],
      otherwise: { customConfig: true },
    }],
  };
}

/** Sends one request over a connection, and gives the first line of the answer. */
async function ask(connection: Deno.TlsConn): Promise<string> {
  const request = requestOf({ target, key });
  for (let sent = 0; sent < request.length;) {
    sent += await connection.write(request.subarray(sent));
  }
  const buffer = new Uint8Array(4096);
  const count = await connection.read(buffer) ?? 0;
  return new TextDecoder().decode(buffer.subarray(0, count)).split("\r\n", 1)[0] ?? "";
}

test("it speaks HTTPS, in HTTP/1.1 and HTTP/2, and says so", async () => {
  await using folder = await temporaryFolder();
  const authority = await createAuthority(folder.path);
  await authority.sign("server");
  await using program = await startProgram({ config: configOf(join(folder.path, "server.crt")) });
  assertMatch(program.url, /^https:\/\/127\.0\.0\.1:\d+$/);
  for (const version of ["--http1.1", "--http2"]) {
    const answer = await curl.run(
      ["--silent", "--cacert", authority.certificate, version, `${program.url}/livez`],
    );
    assertEquals(new TextDecoder().decode(answer), '{"status":"ok"}');
  }
  const sent = await runProgram(
    ["send", "ustore.order-approval", "--to", `${program.url}${target}`, "--key", key],
    { env: { DENO_CERT: authority.certificate } },
  );
  assertEquals(sent.code, 0, sent.stdout);
  const strange = await runProgram(
    ["send", "ustore.order-approval", "--to", `${program.url}${target}`, "--key", key],
  );
  assertEquals(strange.code, 1);
  assertMatch(strange.stderr, /not known here: name the authority in DENO_CERT=FILE/);
});

test("a new certificate is shown without a request being lost", async () => {
  await using folder = await temporaryFolder();
  const at = (name: string) => join(folder.path, name);
  const authority = await createAuthority(folder.path);
  await authority.sign("old");
  await authority.sign("server");
  await authority.sign("new");
  await using program = await startProgram({ config: configOf(at("server.crt")) });
  const caCerts = [await Deno.readTextFile(authority.certificate)];
  const connect = () => Deno.connectTls({ hostname: "127.0.0.1", port: program.port, caCerts });
  using before = await connect();
  assertEquals(await ask(before), "HTTP/1.1 200 OK");

  let isOver = false;
  const answers = new Map<string, number>();
  const clients = [1, 2, 3].map(async () => {
    while (!isOver) {
      using connection = await connect();
      const answer = await ask(connection);
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
  });
  await Deno.copyFile(at("new.key"), at("server.key"));
  await Deno.copyFile(at("new.crt"), at("server.crt"));
  await program.logged(/New connections get the new certificate/);
  const shown = await curl.run(
    ["--silent", "--cacert", authority.certificate, "--write-out", "%{certs}", program.url],
  );
  isOver = true;
  await Promise.all(clients);
  assertEquals([...answers.keys()], ["HTTP/1.1 200 OK"]);
  assertEquals(await ask(before), "HTTP/1.1 200 OK");
  const inUse = (await Deno.readTextFile(at("new.crt"))).trim();
  assert(new TextDecoder().decode(shown).includes(inUse));
});

test("check says what is wrong with a certificate, and warns of an expired one", async () => {
  await using folder = await temporaryFolder();
  const authority = await createAuthority(folder.path);
  await authority.sign("expired", ["-days", "-1"]);
  const file = join(folder.path, "config.json");
  const check = async (certificate: string) => {
    await Deno.writeTextFile(file, JSON.stringify(configOf(certificate)));
    return await runProgram(["check", "--config", file]);
  };
  const expired = await check("expired.crt");
  assertEquals(expired.code, 0);
  assertMatch(expired.stdout, /server\.tls\.certificate\n.*the certificate has expired on \d{4}-/);
  assertMatch(expired.stdout, /others reach it as https:\/\/127\.0\.0\.1:0/);
  const none = await check("none.crt");
  assertEquals(none.code, 2);
  assertMatch(none.stdout, /server\.tls\.certificate\n.*none\.crt": there is no such file/);
});

test("send says when the port speaks HTTPS and not HTTP", async () => {
  await using folder = await temporaryFolder();
  const authority = await createAuthority(folder.path);
  await authority.sign("server");
  await using program = await startProgram({ config: configOf(join(folder.path, "server.crt")) });
  const to = `${program.url}${target}`;
  const args = ["send", "ustore.order-approval", "--key", key, "--to"];
  const ran = await runProgram([...args, to.replace("https:", "http:")]);
  assertEquals([ran.code, ran.stdout], [1, ""]);
  assertMatch(ran.stderr, /: that port speaks HTTPS, write --to https:/);
});
