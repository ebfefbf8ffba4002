import { assertEquals } from "@std/assert";
import { isObject, reportMistakes } from "../../../lib/config/mistake.ts";
import { load, type World } from "./load_text.ts";
import { secretsToHide } from "../../../lib/config/secrets.ts";

const MARKER = "hunter2-marker";

async function outputOf(config: string | object, world: World = {}): Promise<string> {
  const loaded = await load(config, world);
  const options = { file: "config.json", colour: false };
  const mistakes = "mistakes" in loaded ? loaded.mistakes : [];
  return reportMistakes(mistakes, options) + reportMistakes(loaded.warnings, options);
}

/** Every value replaced in turn: what is wrong is then that value, at that place. */
function variants(value: unknown, replacement: unknown): readonly unknown[] {
  const inside = Array.isArray(value)
    ? value.flatMap((item, index) =>
      variants(item, replacement).map((variant) => value.with(index, variant))
    )
    : isObject(value)
    ? Object.entries(value).flatMap(([key, item]) =>
      variants(item, replacement).map((variant) => ({ ...value, [key]: variant }))
    )
    : [];
  return [replacement, ...inside];
}

const config = {
  server: { hostname: "127.0.0.1", port: 80, publicUrl: "http://a" },
  journal: { path: "a", retentionDays: 1 },
  endpoints: [{
    path: "/a",
    kind: "fake.kind",
    signatureKeys: ["k"],
    defaultGroup: 1,
    mode: "strict",
    auth: { type: "basic", username: "u", password: "p" },
    rules: [{ name: "n", when: "wrong", then: { group: 1 } }],
    forward: ["erp"],
  }],
  services: { pricing: { url: "http://a", signatureKey: "k", timeoutMs: 1 } },
  destinations: { erp: { type: "http", url: "http://a", secret: "s" } },
};

Deno.test("loadConfig() never shows what ${…} gave, wherever it stands", async () => {
  const all = variants(config, "${SECRET}").filter(isObject);
  const world = { env: { SECRET: MARKER } };
  const outputs = await Promise.all(all.map((variant) => outputOf(variant, world)));
  assertEquals(outputs.filter((output) => output.includes(MARKER)), []);
  assertEquals(outputs.some((output) => output.includes("text from ${SECRET}")), true);
});

Deno.test("loadConfig() never shows what a file gave, wherever it stands", async () => {
  const all = variants(config, "${file:key.txt}").filter(isObject);
  const world = { files: { "key.txt": MARKER } };
  const outputs = await Promise.all(all.map((variant) => outputOf(variant, world)));
  assertEquals(outputs.filter((output) => output.includes(MARKER)), []);
});

Deno.test("loadConfig() never shows what stands below a key of secrets", async () => {
  const wrong = [MARKER, [MARKER], { [`type`]: MARKER }, [[MARKER]], [MARKER, 1]];
  const all = wrong.flatMap((value) => [
    { ...config, endpoints: config.endpoints.map((one) => ({ ...one, signatureKeys: value })) },
    {
      ...config,
      endpoints: config.endpoints.map((one) => ({
        ...one,
        auth: { ...one.auth, password: value },
      })),
    },
    { ...config, services: { pricing: { ...config.services.pricing, signatureKey: value } } },
    { ...config, destinations: { erp: { ...config.destinations.erp, secret: value } } },
    { ...config, server: { ...config.server, password: value, secrets: value } },
  ]);
  const outputs = await Promise.all(all.map((variant) => outputOf(variant)));
  assertEquals(outputs.filter((output) => output.includes(MARKER)), []);
  assertEquals(outputs.every((output) => output.includes("config.json")), true);
});

Deno.test("loadConfig() never shows the text around a syntax error", async () => {
  const texts = [
    `{"secret": ${MARKER}}`,
    `{"secret": "${MARKER}`,
    `{"secret": "\\q${MARKER}"}`,
    `{"secret" "${MARKER}"}`,
    `{"secret": "\${${MARKER}"}`,
  ];
  const outputs = await Promise.all(texts.map((text) => outputOf(text)));
  assertEquals(outputs.filter((output) => output.includes(MARKER)), []);
});

function hidden(value: unknown, origins: Readonly<Record<string, string>> = {}): readonly string[] {
  return secretsToHide({ value, origins: new Map(Object.entries(origins)) });
}

Deno.test("secretsToHide() names every secret, also as it travels", () => {
  assertEquals(
    hidden({
      server: { port: 8080, hostname: "127.0.0.1" },
      endpoints: [
        { path: "/a", kind: "a.kind", signatureKeys: ["one", "two"] },
        { path: "/b", auth: { type: "basic", username: "me", password: "pass" } },
        { path: "/c", auth: { type: "standard-webhooks", secrets: ["whsec_abc="] } },
      ],
      destinations: { erp: { headers: { "X-Api": "header" } } },
    }),
    ["one", "two", "bWU6cGFzcw==", "pass", "whsec_abc=", "abc=", "header"],
  );
});

Deno.test("secretsToHide() names what is secret in a URL, and one from outside the file as a whole", () => {
  const url = "https://me:p%40ss@host.example/x?token=0123456789&format=json";
  const value = { server: { publicUrl: url }, destinations: { erp: { url } } };
  assertEquals(hidden(value), ["p@ss", "0123456789"]);
  assertEquals(hidden(value, { "destinations.erp.url": "${ERP}", "server.publicUrl": "${URL}" }), [
    "p@ss",
    "0123456789",
    url,
  ]);
  assertEquals(hidden({ services: { tax: { url: "https://me:%zz@host" } } }), ["%zz"]);
});

Deno.test("secretsToHide() leaves what is no secret wherever it comes from", () => {
  const value = {
    log: { level: "info" },
    server: { port: "8080" },
    journal: { path: "data/j.db" },
  };
  assertEquals(hidden(value, { "log.level": "${LEVEL}", "server.port": "${PORT}" }), []);
});

Deno.test("loadConfig() shows no credentials of what is no URL yet", async () => {
  const mistyped = [
    `erp.example/hooks?token=${MARKER}`,
    `https:/erp.example/hooks?a=1&token=${MARKER}`,
    `ann:${MARKER}@erp.example/hooks`,
    `https:/ann:${MARKER}/2@erp.example//hooks`,
    `htp://ann:${MARKER}@erp.example/hooks?token=${MARKER}`,
    `ftp://erp.example/?token=${MARKER}`,
  ];
  for (const url of mistyped) {
    const output = await outputOf({
      server: { publicUrl: url },
      console: { publicUrl: url },
      destinations: { erp: { type: "http", url, proxy: url } },
      services: { tax: { url, proxy: url } },
      endpoints: [],
    });
    assertEquals(output.includes("hunter2"), false, output);
    assertEquals(output.match(/found "/g)?.length, 6, output);
  }
});

Deno.test("secretsToHide() names the password in the URL of a database or a mail server", () => {
  for (
    const [url, ...hidden] of [
      ["postgres://ann:pass-word@db1,db2:5432/shop?sslmode=require", "pass-word"],
      ["postgres://ann:9/x+y@z=@db/shop", "9/x+y@z="],
      ["smtps://ann:pass%20word@mail.example", "pass%20word", "pass word"],
    ] as const
  ) {
    const named = secretsToHide({ value: { journal: { url } }, origins: new Map() });
    assertEquals(named.toSorted(), hidden.toSorted());
  }
  const value = { journal: { url: "postgres://ann@db/shop" } };
  assertEquals(secretsToHide({ value, origins: new Map() }), []);
});
