import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { temporaryFolder } from "../program.ts";
import { runHere } from "../run_here.ts";

const KEY = "Zk3mWq81-Tt7pLxYvB2nQeR5uJ9sHgDc";
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/** What `check` says: a block for each mistake and warning, and the exit code. */
async function check(config: object | string): Promise<{ code: number; text: string }> {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "config.json");
  await Deno.writeTextFile(file, typeof config === "string" ? config : JSON.stringify(config));
  const { code, stdout, stderr } = await runHere(["check", "--config", file]);
  assertEquals(stderr, "");
  return { code, text: stdout.replaceAll(file, "config.json") };
}

/** The block of one path. */
function blockOf(text: string, path: string): string {
  return text.split("\n\n").find((block) => block.split("\n")[0]?.endsWith(`  ${path}`)) ?? "";
}

function approval(settings: object): object {
  const endpoint = { path: "/oa", kind: "ustore.order-approval", signatureKeys: [KEY] };
  return { ...endpoint, defaultGroup: 1, otherwise: { approve: true }, ...settings };
}

Deno.test("a secret in the wrong place is not shown", async () => {
  const { code, text } = await check({
    endpoints: [
      { path: "/1", kind: "events", auth: SECRET },
      { path: "/2", kind: "events", auth: { type: SECRET } },
      { path: "/3", kind: "events", auth: { type: "standard-webhooks", secret: SECRET } },
    ],
    services: {
      a: { url: `ftp://user:${SECRET}@host/?code=${SECRET}`, proxy: `ftp://u:${SECRET}@proxy` },
      b: { url: SECRET },
      c: `Bearer ${SECRET}`,
      d: { url: `Authorization: Bearer ${KEY}` },
    },
  });
  assertEquals(code, 2);
  assertEquals(text.includes(SECRET.slice(6)) || text.includes(KEY), false, text);
});

Deno.test("what is refused of an outcome is told with the keys of an outcome", async () => {
  const rule = (name: string, then: object) => ({ name, when: "order.total > 5.0", then });
  const { text } = await check({
    endpoints: [approval({
      rules: [
        rule("ask", { ask: "budget", onFailure: { approve: true } }),
        rule("else", { customConfig: { else: { approve: true } } }),
      ],
    })],
    services: { budget: { url: "https://budget.example/", onFailure: { approve: true } } },
  });
  for (const key of ["then.onFailure", "then.customConfig.else"]) {
    const block = text.split("\n\n").find((one) => one.includes(key)) ?? "";
    assertMatch(block, /found unknown key/);
    assertEquals(/"addresses"|"rate"|"forward"/.test(block), false, block);
  }
});

Deno.test("a webhook secret that cannot be read is told where it stands, and only there", async () => {
  const { text } = await check({
    endpoints: [
      { path: "/1", kind: "events", auth: { type: "hmac" } },
      { path: "/2", kind: "events", auth: { type: "standard-webhooks" } },
      {
        path: "/3",
        kind: "events",
        auth: { type: "standard-webhooks", secrets: [SECRET, `${SECRET}!`] },
      },
    ],
  });
  assertMatch(blockOf(text, "endpoints[2].auth.secrets[1]"), /not Base64.*\n {2}Copy it whole/s);
  assertEquals(text.match(/Cannot read a webhook secret/g)?.length, 1, text);
});

Deno.test("an address that nobody can listen on is a mistake", async () => {
  for (const hostname of ["300.1.1.1", "*", "127.0.0.1:8080", "localhost:80", "my server"]) {
    const { code, text } = await check({ server: { hostname } });
    assertEquals(code, 2, hostname);
    assertMatch(blockOf(text, "server.hostname"), /wanted a host name or an IP address/);
  }
  for (const hostname of ["::", "::1", "fe80::1%eth0", "0.0.0.0", "ustore-01", "müller.example"]) {
    assertEquals((await check({ server: { hostname } })).code, 0, hostname);
  }
});

Deno.test("a folder in the place of the journal is a mistake", async () => {
  const { code, text } = await check({ journal: { path: "." } });
  assertEquals(code, 2);
  assertMatch(blockOf(text, "journal.path"), /found "\.", which is a folder, wanted a file/);
});

Deno.test("a key at the wrong level is told where it belongs, one of another program what it is", async () => {
  const { text } = await check({
    signatureKeys: [KEY],
    comment: "our store",
    endpoints: [
      approval({
        port: 8080,
        timeZone: "Europe/Berlin",
        rules: [{ name: "ask", if: "order.total > 5.0", then: { service: "budget" } }],
      }),
    ],
    server: { tls: { keyFile: "key.pem", certificate: "cert.pem" } },
  });
  for (
    const [path, hint] of [
      ["signatureKeys", 'It belongs into an endpoint, in the list "endpoints"'],
      ["comment", "Write a comment as // text, outside of quotes"],
      ["endpoints[0].port", 'It belongs into "server" or into "admin"'],
      ["endpoints[0].timeZone", 'It belongs to the top of the config, beside "endpoints"'],
      ["endpoints[0].rules[0].if", 'Write "when"'],
      ["endpoints[0].rules[0].then.service", 'Write "ask"'],
      ["server.tls.keyFile", 'Write "key"'],
    ]
  ) {
    assertEquals(blockOf(text, path ?? "").split("\n")[2]?.trim(), hint, path);
  }
});

Deno.test("a value in another form is told in that which is wanted", async () => {
  const { text } = await check({
    server: { bodyTimeoutMs: "10 s", maxBodyBytes: "2MiB" },
    journal: { retentionDays: "30d", maxBytes: "500 parsecs" },
    endpoints: [approval({ signatureKeys: KEY })],
  });
  assertMatch(blockOf(text, "server.bodyTimeoutMs"), /\n {2}Write 10000$/);
  assertMatch(blockOf(text, "server.maxBodyBytes"), /\n {2}Write 2097152$/);
  assertMatch(blockOf(text, "journal.retentionDays"), /\n {2}Write 30$/);
  assertEquals(blockOf(text, "journal.maxBytes").split("\n").length, 2);
  assertMatch(blockOf(text, "endpoints[0].signatureKeys"), /\n {2}Put it into brackets.*\[ … \]$/);
  assertEquals(text.includes(KEY), false);
});

Deno.test("what instructions write where a secret belongs is no secret", async () => {
  for (
    const word of ["THE_KEY", "THE_KEY_OF_THAT_ENDPOINT", "changeme", "your-secret", "aaaaaaaa"]
  ) {
    const { text } = await check({ endpoints: [approval({ signatureKeys: [word] })] });
    assertMatch(blockOf(text, "endpoints[0].signatureKeys[0]"), /a word that stands for a secret/);
  }
  const quoted = await check({ endpoints: [approval({ signatureKeys: [`'${KEY}'`] })] });
  assertMatch(blockOf(quoted.text, "endpoints[0].signatureKeys[0]"), /quotes around the secret/);
  const { text } = await check({ endpoints: [approval({})] });
  assertEquals(blockOf(text, "endpoints[0].signatureKeys[0]"), "");
});

Deno.test("a name in the config turns no line of what check says", async () => {
  const { text } = await check({
    endpoints: [{ path: "/e", kind: "events", auth: { type: "none" }, forward: ["nobody"] }],
    destinations: { "a\u202eb": { type: "folder", path: "out" } },
  });
  assertEquals([text.includes("\u202e"), text.includes("a\\u202eb")], [false, true]);
});

Deno.test("a destination to which nothing goes is told, and one from which all comes back", async () => {
  const events = { path: "/events", kind: "events", auth: { type: "none" } };
  const destinations = {
    back: { type: "http", url: "http://localhost:8080/events" },
    beside: { type: "http", url: "http://localhost:8080/other" },
    other: { type: "http", url: "http://localhost:8081/events" },
    unused: { type: "folder", path: "out" },
  };
  const forward = ["back", "beside", "other"];
  const { code, text } = await check({ endpoints: [{ ...events, forward }], destinations });
  assertEquals(code, 0);
  assertMatch(blockOf(text, "destinations.back.url"), /would come back without end/);
  assertMatch(blockOf(text, "destinations.unused"), /\n {2}.+"forward": \["unused"\]$/);
  assertMatch(text, /\n2 warnings in /);
  const misspelt = await check({ endpoints: [{ ...events, forward: ["unusd"] }], destinations });
  assertEquals(blockOf(misspelt.text, "destinations.unused"), "");
});

Deno.test("a user name that HTTP Basic cannot send is a mistake", async () => {
  const auth = { type: "basic", username: "ultra:cart", password: "p4ssword-long-enough" };
  const { code, text } = await check({ endpoints: [{ path: "/e", kind: "events", auth }] });
  assertEquals(code, 2);
  assertMatch(blockOf(text, "endpoints[0].auth.username"), /wanted a user name without a colon/);
});

Deno.test("a misspelt service is one mistake, and no warning of the one that was meant", async () => {
  const services = { budget: { url: "https://budget.example/", onFailure: { approve: true } } };
  const { text } = await check({
    endpoints: [approval({ otherwise: { ask: "bugdet" } })],
    services,
  });
  assertMatch(blockOf(text, "endpoints[0].otherwise.ask"), /Did you mean "budget"\?$/);
  assertEquals(text.includes("warning"), false, text);
});
