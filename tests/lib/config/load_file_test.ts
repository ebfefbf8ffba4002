import { assertEquals } from "@std/assert";
import { loadConfig } from "../../../lib/config/load.ts";
import { load, loadFine, mistakesOf } from "./load_text.ts";

const key = { signatureKeys: ["long enough"] };
const endpoint = { path: "/a", kind: "fake.kind", ...key };

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
