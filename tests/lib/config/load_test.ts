import { assertEquals } from "@std/assert";
import { dirname, join } from "@std/path";
import { loadConfig } from "../../../lib/config/load.ts";
import { inOneLine, load, loadFine, mistakesOf } from "./load_text.ts";

const key = { signatureKeys: ["long enough"] };
const endpoint = { path: "/a", kind: "fake.kind", ...key };

Deno.test("loadConfig() fills in every default", async () => {
  const { config, endpoints, warnings } = await loadFine({ endpoints: [endpoint] });
  const { journal, ...rest } = config;
  assertEquals(rest, {
    server: {
      hostname: "127.0.0.1",
      port: 8080,
      publicUrl: "http://127.0.0.1:8080",
      maxBodyBytes: 6291456,
      bodyTimeoutMs: 10000,
      trustedProxies: [],
      maxInFlight: 512,
      maxConnections: 2000,
      headTimeoutMs: 10000,
      idleTimeoutMs: 120000,
    },
    admin: { hostname: "127.0.0.1", port: 8081 },
    log: { level: "info", format: "auto", maxBytes: 100_000_000, maxFiles: 10 },
    services: {},
    destinations: {},
    endpoints: [{
      path: "/a",
      kind: "fake.kind",
      forward: [],
      settings: { ...key, mode: "strict", rules: [] },
    }],
  });
  assertEquals(journal.retentionDays, 90);
  assertEquals(endpoints.map(({ path, kind }) => [path, kind]), [["/a", "fake.kind"]]);
  assertEquals(warnings, []);
});

Deno.test("loadConfig() opens an endpoint with the public URL, without a slash at its end", async () => {
  const { endpoints } = await loadFine({
    server: { publicUrl: "https://hooks.example/base/" },
    endpoints: [endpoint],
  });
  const answer = await endpoints[0]?.answer({
    document: {},
    requestId: "1",
    body: new Uint8Array(),
    headers: new Headers(),
    url: new URL("http://localhost/"),
    exportOf: () => Promise.reject(new Error("not asked for")),
    ask: () => Promise.reject(new Error("not asked for")),
  });
  assertEquals(answer?.result, '"https://hooks.example/base"');
});

Deno.test("loadConfig() resolves paths against the folder of the config", async () => {
  const { config } = await loadFine({
    journal: { path: "data/j.db" },
    log: { file: "logs/s.log" },
    destinations: { out: { type: "folder", path: "exports" } },
    endpoints: [endpoint],
  });
  const folder = dirname(dirname(config.journal.path));
  assertEquals(config.journal.path, join(folder, "data", "j.db"));
  assertEquals(config.log.file, join(folder, "logs", "s.log"));
  const { out } = config.destinations;
  assertEquals(out?.type === "folder" && out.path, join(folder, "exports"));
});

Deno.test("loadConfig() accepts a byte order mark and CRLF", async () => {
  const text = `\uFEFF{\r\n  // comment\r\n  "server": { "port": "x" },\r\n}\r\n`;
  const loaded = await load(text);
  const [mistake] = "mistakes" in loaded ? loaded.mistakes : [];
  assertEquals(mistake, {
    path: ["server", "port"],
    position: { line: 3, column: 15 },
    message: 'found "x", wanted a whole number from 0 to 65535',
  });
});

Deno.test("loadConfig() reads UTF-16 and refuses what is no text", async () => {
  const text = `\uFEFF${JSON.stringify({ endpoints: [endpoint] })}`;
  const bytes = new Uint8Array(Uint16Array.from(text, (unit) => unit.charCodeAt(0)).buffer);
  assertEquals(await mistakesOf(bytes), []);
  const [mistake] = await mistakesOf(new Uint8Array([0x7b, 0xff, 0xfe]));
  assertEquals(
    mistake?.endsWith(": it is no text in UTF-8 (In Notepad: Save as, Encoding UTF-8)"),
    true,
  );
});

Deno.test("loadConfig() says how to get a config when there is none", async () => {
  const loaded = await loadConfig({ file: "/none/config.json", kinds: [], env: () => undefined });
  assertEquals(loaded, {
    mistakes: [{
      path: [],
      message: 'Cannot find the config file "/none/config.json"',
      hint: "Write one with: storehook init",
    }],
    warnings: [],
  });
});

Deno.test("loadConfig() reads numbers and truth values that ${…} gives as text", async () => {
  const { config } = await loadFine({
    server: { port: "${PORT}" },
    endpoints: [{
      ...endpoint,
      defaultGroup: "${GROUP:-7}",
      rules: [{ name: "${PORT}", when: "w", then: { approve: "${YES}" } }],
    }],
  }, { env: { PORT: "9000", YES: "true" } });
  assertEquals(config.server.port, 9000);
  assertEquals(config.endpoints[0]?.settings, {
    ...key,
    defaultGroup: 7,
    mode: "strict",
    rules: [{ name: "9000", when: "w", then: { approve: true } }],
  });
});

Deno.test("loadConfig() takes a file's text, relative to the config", async () => {
  const { config } = await loadFine(
    { endpoints: [{ ...endpoint, signatureKeys: ["${file:key.txt}"] }] },
    { files: { "key.txt": "\uFEFFfrom the file\r\n" } },
  );
  assertEquals(config.endpoints[0]?.settings.signatureKeys, ["from the file"]);
});

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
    '"tls", "trustedProxies", "maxBodyBytes", "bodyTimeoutMs", "maxInFlight", ' +
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

Deno.test("loadConfig() warns of what this version does not use, and of what may surprise", async () => {
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
    'endpoints[0].forward[0].when: Column 7: Unknown field "tpye" of Event (Did you mean "type"?)',
  ]);
});

Deno.test("loadConfig() places a mistake of the whole config", async () => {
  const loaded = await load("// first\n  null");
  assertEquals("mistakes" in loaded && loaded.mistakes.map(({ position }) => position), [
    { line: 2, column: 3 },
  ]);
});

Deno.test("loadConfig() says in words that the config is a folder", async () => {
  const file = await Deno.makeTempDir();
  try {
    const loaded = await loadConfig({ file, kinds: [], env: () => undefined });
    assertEquals("mistakes" in loaded && loaded.mistakes.map(({ message }) => message), [
      `Cannot read the config file ${JSON.stringify(file)}: it is a folder, wanted a file`,
    ]);
  } finally {
    await Deno.remove(file);
  }
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
