import { assertEquals } from "@std/assert";
import { isObject } from "../../../../lib/config/file/config_path.ts";
import { reportMistakes } from "../../../../lib/config/report.ts";
import { load, type World } from "../load_text.ts";

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
