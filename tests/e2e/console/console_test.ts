/** The console of the program itself, by what a browser and a script send. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { runInConsole, SCRIPT } from "../console.ts";
import { deliver } from "../delivery.ts";
import { runProgram, temporaryFolder } from "../program.ts";
import { connect } from "../raw_http.ts";
import { approving, type Reloadable, startReloadable } from "../reload/reloadable.ts";
import { within } from "../waits.ts";

const KEY = "the-key";

/** A server whose config and journal stand in one folder, so that commands find both. */
async function startServer(
  console: object = {},
): Promise<Reloadable & { readonly journal: string }> {
  const folder = await Deno.makeTempDir();
  const journal = join(folder, "journal.db");
  const server = await startReloadable(configOf(journal, console), {
    STOREHOOK_JOURNAL_PATH: journal,
  });
  return {
    ...server,
    journal,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

function configOf(journal: string, console: object): object {
  const rules = [{ name: "large", when: "order.total > 1.0", then: { group: 7 } }];
  return {
    admin: { port: 0 },
    journal: { path: journal },
    endpoints: [approving({ rules })],
    console,
  };
}

/** Signs in by a link that the command prints. */
async function signIn({ file, program }: Reloadable, role = "admin"): Promise<string> {
  const { code, stdout, stderr } = await runProgram(["console", "--role", role, "--config", file]);
  assertEquals([code, stderr], [0, `It signs in as ${role}, once, within a minute\n`]);
  const link = stdout.trim();
  assertEquals(link.startsWith(`${program.adminUrl}/login?link=`), true, link);
  const { status, headers, body } = await fetch(link, { redirect: "manual" });
  await body?.cancel();
  assertEquals([status, headers.get("Location")], [303, "/"]);
  return headers.get("Set-Cookie")?.split(";")[0] ?? "";
}

Deno.test("the console is led into by a link, shows what came and why, and is told as it comes", async () => {
  await using server = await startServer();
  const { program } = server;
  const api = `${program.adminUrl}/api/v1`;
  const unknown = await fetch(`${api}/overview`);
  await unknown.body?.cancel();
  assertEquals(unknown.status, 401);
  const Cookie = await signIn(server);
  const read = async (path: string) =>
    await (await fetch(`${api}${path}`, { headers: { Cookie } })).json();

  const ending = new AbortController();
  const live = await fetch(`${api}/live`, { headers: { Cookie }, signal: ending.signal });
  const told = live.body?.pipeThrough(new TextDecoderStream()).getReader();
  assertEquals((await deliver(program, { target: "/approve", key: KEY })).status, 200);
  let text = "";
  await within(
    "the delivery in the stream",
    (async () => {
      while (!/event: deliveries/.test(text)) text += (await told?.read())?.value ?? "";
    })(),
    { soFar: () => text },
  );

  const { deliveries: [delivery] } = await read("/deliveries?order=28604");
  const { reason, body } = await read(`/deliveries/${delivery.id}`);
  assertEquals(reason.sentence, "Group 7 must approve: total 1.20 USD is over 1, rule large");
  assertMatch(body, /28604/);
  const { entries } = await read("/audit");
  assertEquals(entries[0].action, "look at delivery");
  const overview = await read("/overview");
  assertEquals(overview.endpoints[0].answered, 1);

  for (const path of ["/", "/deliveries", `/deliveries/${delivery.id}`, "/events", "/forwards"]) {
    const page = await fetch(`${program.adminUrl}${path}`, { headers: { Cookie } });
    assertEquals([page.status, page.headers.get("Content-Type")], [
      200,
      "text/html; charset=utf-8",
    ]);
    await page.body?.cancel();
  }
  // Whoever watches keeps no server from stopping.
  program.kill(Deno.build.os === "windows" ? "SIGKILL" : "SIGTERM");
  await program.status;
  ending.abort();
  await told?.cancel().catch(() => undefined);
});

Deno.test("a change of the config signs out who is no user any more, while the server runs", async () => {
  const { stdout } = await runProgram(["console", "password"], { stdin: "correct horse\n" });
  const users = [{ name: "ann", password: stdout.trim(), role: "viewer" }];
  await using server = await startServer({ users });
  const { program } = server;
  const signedIn = await fetch(`${program.adminUrl}/login`, {
    method: "POST",
    headers: { "Sec-Fetch-Site": "same-origin" },
    body: new URLSearchParams({ name: "ann", password: "correct horse" }),
    redirect: "manual",
  });
  await signedIn.body?.cancel();
  assertEquals(signedIn.status, 303);
  const headers = { Cookie: signedIn.headers.get("Set-Cookie")?.split(";")[0] ?? "" };
  const me = () => fetch(`${program.adminUrl}/api/v1/me`, { headers });
  assertEquals(await (await me()).json(), { name: "ann", role: "viewer", by: "password" });
  await server.save(configOf(server.journal, {}));
  await server.served(1);
  const after = await me();
  assertEquals([after.status, (await after.json()).code], [401, "sign_in_needed"]);
});

Deno.test("the admin listener answers under the name of the console alone, and others as before", async () => {
  await using server = await startServer({ publicUrl: "https://ops.example/storehook" });
  const { program } = server;
  const port = Number(new URL(program.adminUrl).port);
  async function under(host: string, path: string) {
    using connection = await connect({ port });
    await connection.send(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    const { status, headers, text } = await connection.response();
    return { status, location: headers["location"], text };
  }
  assertEquals(
    (await under("ops.example", "/storehook/audit")).location,
    "/storehook/login?to=%2Faudit",
  );
  assertEquals((await under("localhost", "/audit")).location, "/login?to=%2Faudit");
  const foreign = await under("evil.example", "/");
  assertEquals(foreign.status, 421);
  assertMatch(foreign.text, /admin\.allowedHosts/);
  for (const path of ["/metrics", "/readyz", "/docs/errors"]) {
    assertEquals((await under("localhost", path)).status, 200, path);
  }
  const { stdout } = await runProgram(["console", "--json", "--config", server.file]);
  assertMatch(
    JSON.parse(stdout).link,
    /^https:\/\/ops\.example\/storehook\/login\?link=[\w-]{43}$/,
  );
});

Deno.test("storehook console says when no server runs, and makes passwords and tokens", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "config.json");
  await Deno.writeTextFile(file, JSON.stringify(configOf(join(folder.path, "j.db"), {})));
  const none = await runProgram(["console", "--config", file]);
  assertEquals([none.code, none.stdout], [1, ""]);
  assertMatch(none.stderr, /^No server runs with the journal .*serve\n$/s);
  const short = await runProgram(["console", "password"], { stdin: "short" });
  assertEquals([short.code, short.stdout], [1, ""]);
  const token = await runProgram(["console", "token", "--json"]);
  const { hash } = JSON.parse(token.stdout);
  const console = { tokens: [{ name: "ci", hash, role: "viewer" }] };
  await Deno.writeTextFile(file, JSON.stringify(configOf(join(folder.path, "j.db"), console)));
  assertEquals((await runProgram(["check", "--config", file])).code, 0);
  await Deno.writeTextFile(
    file,
    JSON.stringify(configOf(join(folder.path, "j.db"), {
      users: [{ name: "ann", password: "correct horse" }, { name: "ANN", password: hash }],
    })),
  );
  const wrong = await runProgram(["check", "--config", file]);
  assertEquals(wrong.code, 2);
  assertMatch(wrong.stdout + wrong.stderr, /storehook console password/);
  assertEquals((wrong.stdout + wrong.stderr).includes("correct horse"), false);
});

Deno.test({
  name: "serve prints a link on a terminal, and nowhere else",
  ignore: SCRIPT.missing !== undefined,
  async fn() {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "config.json");
    const config = { ...configOf(join(folder.path, "j.db"), {}), server: { port: 0 } };
    await Deno.writeTextFile(file, JSON.stringify(config));
    const { shown } = await runInConsole(["serve", "--config", file], folder.path, [
      ["Stop it with Ctrl+C.", "\x03"],
    ]);
    assertMatch(
      shown,
      /Sign in to the console[^]*http:\/\/127\.0\.0\.1:\d+\/login\?link=[\w-]{43}/,
    );
    await using server = await startServer();
    assert(!server.program.stdout().includes("link="));
    assertMatch(server.program.stdout(), /http:\/\/127\.0\.0\.1:\d+\/ +the console/);
  },
});

Deno.test({
  name: "storehook console password shows nothing of what is typed, and asks twice",
  ignore: SCRIPT.missing !== undefined,
  async fn() {
    await using folder = await temporaryFolder();
    const { code, shown } = await runInConsole(["console", "password"], folder.path, [
      ["Password: ", "correct horse\r"],
      ["again: ", "correct horse\r"],
    ]);
    assertEquals(code, 0);
    assertMatch(shown, /scrypt\$ln=15,r=8,p=1\$/);
    assertEquals(shown.includes("correct horse"), false);
    const differing = await runInConsole(["console", "password"], folder.path, [
      ["Password: ", "correct horse\r"],
      ["again: ", "wrong horse\r"],
    ]);
    assertEquals(differing.code, 2);
  },
});
