import { assertEquals } from "@std/assert";
import { configSchema } from "../../../lib/config/schema.ts";
import { inOneLine, load, loadFine, mistakesOf } from "./load_text.ts";

const endpoint = { path: "/a", kind: "fake.kind", signatureKeys: ["long enough"] };

Deno.test("loadConfig() lists the mistakes of all stages at once, in the order of the file", async () => {
  const text = `{
    "server": { "port": 99999 "hostnam": "x" },
    "journal": {}, "journal": { "retentionDays": "90" },
    "endpoints": [
      { "path": "/a", "kind": "fake.kind", "signatureKeys": ["\${UNSET}"], "forward": ["erpp"],
        "rules": [{ "name": "n", "when": "wrong", "then": { "group": 1 } }] },
      { "path": "/a", "kind": "fake.knd" },
      { "path": "b?c", "kind": "fake.plain", "nots": "" }
    ],
    "destinations": { "erp": { "type": "htp" } }
  }`;
  const loaded = await load(text);
  const mistakes = "mistakes" in loaded ? loaded.mistakes : [];
  assertEquals(mistakes.map((one) => `${one.position?.line} ${inOneLine(one)}`), [
    "2 server.port: found 99999, wanted a whole number from 0 to 65535",
    "2 : wanted a comma before this",
    '2 server.hostnam: found unknown key "hostnam", wanted one of "hostname", "publicUrl", ' +
    '"allowedHosts", "tls", "trustedProxies", "maxBodyBytes", "bodyTimeoutMs", "maxPendingBodyBytes", "maxPendingBodyBytesPerAddress", "decisionTimeoutMs", "maxInFlight", ' +
    '"maxConnections", "headTimeoutMs", "idleTimeoutMs" (Did you mean "hostname"?)',
    '3 journal: found "journal" a second time, wanted each key once (The first one is in line 3)',
    '3 journal.retentionDays: found "90", wanted a whole number from 1 to 36500 ' +
    "(Write it without the quotes)",
    '5 endpoints[0].signatureKeys[0]: found no environment variable "UNSET", wanted it to be set ' +
    "(Set UNSET, or give a default: ${UNSET:-default})",
    '5 endpoints[0].forward[0]: found "erpp", wanted the name of a destination ' +
    '(Did you mean "erp"?)',
    "6 endpoints[0].rules[0].when: Cannot read rule wrong with 1 (Write another one)",
    '7 endpoints[1].path: found "/a", which endpoints[0] has too',
    '7 endpoints[1].kind: found "fake.knd", wanted one of "fake.kind", "fake.plain" ' +
    '(Did you mean "fake.kind"?)',
    '8 endpoints[2].path: found "b?c", wanted a path that starts with /',
    '8 endpoints[2].nots: found unknown key "nots", wanted one of "note", "addresses", "rate", ' +
    '"forward" ' +
    '(Did you mean "note"?)',
    '10 destinations.erp.type: found "htp", wanted one of "http", "folder" ' +
    '(Did you mean "http"?)',
  ]);
});

Deno.test("loadConfig() refuses a root that is no object", async () => {
  assertEquals(await mistakesOf("[]"), [": found an empty list, wanted an object"]);
});

Deno.test("loadConfig() reports a kind that throws, without its keys", async () => {
  const rules = [{ name: "n", when: "throw", then: { group: 1 } }];
  assertEquals(await mistakesOf({ endpoints: [{ ...endpoint, rules }] }), [
    "endpoints[0]: Cannot open: Key … is broken",
  ]);
});

Deno.test("loadConfig() takes a name and a token of the console once", async () => {
  const [hash, other] = ["a", "b"].map((digit) => `sha256$${digit.repeat(64)}`);
  const tokens = [
    { name: "ci", hash, role: "viewer" },
    { name: "ops", hash: hash?.slice("sha256$".length).toUpperCase(), role: "admin" },
    { name: "CI", hash: other, role: "viewer" },
  ];
  assertEquals(await mistakesOf({ endpoints: [endpoint], console: { tokens } }), [
    'console.tokens[1].hash: found the token of "ci", wanted each token once',
    'console.tokens[2].name: found "CI" twice, wanted each name once',
  ]);
});

Deno.test("loadConfig() judges paths of endpoints", async () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ["/", undefined],
    ["/a/b-c_d.e", undefined],
    ["a", "wanted a path that starts with /"],
    ["/a b", "wanted a path without spaces, a query and a fragment"],
    ["/a?b", "wanted a path without spaces, a query and a fragment"],
    ["/a#b", "wanted a path without spaces, a query and a fragment"],
    ["/a/", "wanted a normalized path, without //, . and .. and a slash at its end"],
    ["//a", "wanted a normalized path, without //, . and .. and a slash at its end"],
    ["/a/../b", "wanted a normalized path, without //, . and .. and a slash at its end"],
    ["/a\\b", "wanted a normalized path, without //, . and .. and a slash at its end"],
  ];
  const found = await Promise.all(
    cases.map(([path]) => mistakesOf({ endpoints: [{ path, kind: "fake.plain" }] })),
  );
  assertEquals(
    found,
    cases.map(([path, words]) =>
      words === undefined ? [] : [`endpoints[0].path: found ${JSON.stringify(path)}, ${words}`]
    ),
  );
});

Deno.test("loadConfig() keeps the server's own paths free", async () => {
  const paths = ["/livez", "/readyz", "/healthz"];
  const endpoints = paths.map((path) => ({ path, kind: "fake.plain" }));
  assertEquals(
    await mistakesOf({ endpoints }),
    paths.map((path, index) =>
      `endpoints[${index}].path: found "${path}", which the server answers itself`
    ),
  );
});

Deno.test("loadConfig() refuses the development key beyond loopback", async () => {
  const endpoints = [{ ...endpoint, signatureKeys: ["own key", "${KEY:-development-key}"] }];
  const loopback = ["127.0.0.1", "127.9.9.9", "::1", "localhost"];
  const fine = await Promise.all(
    loopback.map((hostname) => mistakesOf({ server: { hostname }, endpoints })),
  );
  assertEquals(fine.flat(), []);
  const message = (where: string) => [
    "endpoints[0].signatureKeys[1]: found the development key, which everybody knows, while the " +
    `server listens on ${where}, wanted a key of your own ` +
    "(Set the store's key, or listen on 127.0.0.1)",
  ];
  for (const hostname of ["0.0.0.0", "::", "10.0.0.1", "hooks.example"]) {
    assertEquals(await mistakesOf({ server: { hostname }, endpoints }), message(`"${hostname}"`));
  }
  assertEquals(
    await mistakesOf({ endpoints }, { flags: { hostname: "0.0.0.0" } }),
    message('"0.0.0.0"'),
  );
  assertEquals(
    await mistakesOf({ server: { hostname: "0.0.0.0" }, endpoints }, { env: { KEY: "another" } }),
    [],
  );
});

Deno.test("loadConfig() warns of what changes nothing, and of what may surprise", async () => {
  const { warnings } = await loadFine({
    server: { hostname: "0.0.0.0" },
    services: { pricing: { url: "http://10.0.0.5/approve", onFailure: { group: 1 } } },
  });
  assertEquals(warnings.map(inOneLine).toSorted(), [
    "endpoints: found no endpoint, so nothing will be answered",
    "server.publicUrl: found nothing while the server listens on every address " +
    "(Set the URL under which others reach this server)",
    "services.pricing: found a service that no endpoint asks " +
    '(An outcome that asks it: { "ask": "pricing" })',
  ]);
});

Deno.test("loadConfig() compiles the filter of a destination", async () => {
  const erp = { type: "http", url: "https://erp.example/hooks" };
  const loaded = await load(JSON.stringify({
    destinations: { erp },
    endpoints: [{ ...endpoint, forward: [{ to: "epr", when: "event.tpye == 'order_create'" }] }],
  }));
  assertEquals("mistakes" in loaded ? loaded.mistakes.map(inOneLine) : [], [
    'endpoints[0].forward[0].to: found "epr", wanted the name of a destination ' +
    '(There is "erp")',
    "endpoints[0].forward[0].when: Column 7: Unknown field \"tpye\" of Event (Did you mean 'type'?)",
  ]);
});

Deno.test("loadConfig() places a mistake of the whole config", async () => {
  const loaded = await load("// first\n  null");
  assertEquals("mistakes" in loaded && loaded.mistakes.map(({ position }) => position), [
    { line: 2, column: 3 },
  ]);
});

Deno.test("loadConfig() offers kinds, a path and outcomes where they are missing", async () => {
  const rules = [{ name: "n", when: "w" }];
  assertEquals(await mistakesOf({ endpoints: [{}, { ...endpoint, rules }] }), [
    "endpoints[0].path: found nothing, wanted a path such as /ustore/order-approval",
    'endpoints[0].kind: found nothing, wanted one of "fake.kind", "fake.plain"',
    "endpoints[1].rules[0].then: found nothing, wanted an object with " +
    'one of "group", "approve", "reject"',
  ]);
});

Deno.test("loadConfig() refuses that more may wait than the journal may take", async () => {
  const journal = { maxBytes: 20_000_000, maxWaitingBytes: 20_000_001 };
  assertEquals(await mistakesOf({ journal, endpoints: [endpoint] }), [
    "journal.maxWaitingBytes: found 20000001, wanted no more than journal.maxBytes, which is 20000000",
  ]);
  assertEquals(
    await mistakesOf({ journal: { ...journal, maxWaitingBytes: 2e7 }, endpoints: [endpoint] }),
    [],
  );
});

Deno.test("loadConfig() tells of an object of which no text can be made, wherever it stands", async () => {
  const shapeless = { toString: 1, valueOf: {} };
  for (const section of ["server", "admin", "journal", "log", "console"] as const) {
    for (const key of Object.keys(configSchema.shape[section].unwrap().shape)) {
      const found = await mistakesOf({ [section]: { [key]: shapeless }, endpoints: [endpoint] });
      assertEquals(found.every((one) => one.startsWith(`${section}.${key}`)), true, found.join());
      assertEquals(found.length > 0, true, `${section}.${key}`);
    }
  }
});
