/** `setup` with a config that is there: what it changes, and that all else stays. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { withFolder } from "../../config/load_text.ts";
import { fakeTerminal } from "../fake_terminal.ts";
import {
  command,
  namesIn,
  OLD_PORT,
  PORT,
  readConfig,
  service,
  setUp,
  WRITTEN,
} from "./setup_world.ts";

Deno.test("setup changes what is answered anew and leaves all else as it is", () =>
  withFolder(async (folder) => {
    for (const eol of ["\n", "\r\n"]) {
      const file = join(folder, `${eol.length}.json`);
      const before = `\ufeff${WRITTEN.replaceAll("\n", eol)}`;
      await Deno.writeTextFile(file, before);
      const answers = [PORT, "", "8", "new-key-of-ours", "", ...service, "", ""];
      const { code, out, err } = await setUp(file, answers);
      assertEquals(code, 0, out + err);
      const after = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await Deno.readFile(file));
      const keys = /\[(?:(?!\[)[^])*?\](?=, \/\/ rotated)/;
      assertEquals(
        after.replace(keys, "KEYS"),
        before.replace(OLD_PORT, PORT).replace('"group": 7', '"group": 8').replace(keys, "KEYS"),
      );
      assertEquals((await readConfig(file)).endpoints[0]?.signatureKeys, [
        "new-key-of-ours",
        "${OUR_KEY:-a-key-of-ours}",
      ]);
      assertEquals(/[^\r]\n/.test(after), eol === "\n");
      assertEquals(await Deno.readFile(`${file}.before`), new TextEncoder().encode(before));
      assertStringIncludes(out, `the version before is ${file}.before`);
      assertStringIncludes(out, "4 of 4 answers are as wanted");
    }
  }));

Deno.test("setup with nothing but Enter leaves a config as it is", () =>
  withFolder(async (folder) => {
    const file = join(folder, "config.json");
    await Deno.writeTextFile(file, WRITTEN);
    const { code, err } = await setUp(file, ["", "", "", "", "", ...service, ""]);
    assertEquals(code, 0, err);
    assertStringIncludes(err, "stays as it is");
    assertEquals(await Deno.readTextFile(file), WRITTEN);
    assertEquals(namesIn(folder), ["config.json"]);
  }));

Deno.test("setup takes endpoints out only when it is told so, and adds others", () =>
  withFolder(async (folder) => {
    const file = join(folder, "config.json");
    await Deno.writeTextFile(file, WRITTEN);
    const paths = async () => (await readConfig(file)).endpoints.map(({ path }) => path);
    await setUp(file, ["", "1", "n", "", "", "", ...service, "n"]);
    assertEquals(await paths(), ["/approve", "/make"]);
    const { code, err } = await setUp(file, ["", "2 4", "y", "", "8.25", "", ...service, "n", "y"]);
    assertEquals(code, 0, err);
    assertEquals(await paths(), ["/make", "/ustore/tax"]);
    assertStringIncludes(await Deno.readTextFile(file), "// The first row that fits an item");
  }));

Deno.test("setup gives each kind a new key and leaves the rest of its settings", () =>
  withFolder(async (folder) => {
    const file = join(folder, "config.json");
    const endpoints = [
      { path: "/t", kind: "ustore.tax", signatureKeys: ["tax-key-1"], rates: [{ percent: 3 }] },
      { path: "/e", kind: "emporix.events", auth: { type: "emporix", secrets: ["emporix-1"] } },
      {
        ...{ path: "/u", kind: "ultracart.events", pathToken: "0123456789abcdef" },
        auth: { type: "basic", username: "ann", password: "ultracart-1" },
      },
    ];
    await Deno.writeTextFile(file, JSON.stringify({ server: { port: Number(PORT) }, endpoints }));
    const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const answers = ["", "", "tax-key-2", "emporix-2", "bob:ultracart-2", "", ...service];
    const first = await setUp(file, [...answers, "y", "y"]);
    assertEquals(first.code, 0, first.out + first.err);
    const changed = [
      { ...endpoints[0], signatureKeys: ["tax-key-2", "tax-key-1"] },
      { ...endpoints[1], auth: { type: "emporix", secrets: ["emporix-2", "emporix-1"] } },
      { ...endpoints[2], auth: { type: "basic", username: "bob", password: "ultracart-2" } },
    ];
    assertEquals((await readConfig(file)).endpoints, changed);
    await setUp(file, ["", "", "", secret, "", "", ...service, "n", "y"]);
    assertEquals((await readConfig(file)).endpoints[1]?.auth, {
      type: "standard-webhooks",
      secrets: [secret],
    });
  }));

Deno.test("setup moves the URL of this machine with the port", () =>
  withFolder(async (folder) => {
    const file = join(folder, "config.json");
    const url = `"publicUrl": "http://127.0.0.1:${OLD_PORT}"`;
    await Deno.writeTextFile(
      file,
      `{ "server": { "port": ${OLD_PORT}, ${url} }, "endpoints": [] }`,
    );
    await setUp(file, [PORT, "1", "", "", ...service, "n", "y"]);
    assertEquals((await readConfig(file)).server?.publicUrl, `http://127.0.0.1:${PORT}`);
  }));

Deno.test("setup leaves a config alone whose mistakes it does not ask for", () =>
  withFolder(async (folder) => {
    const file = join(folder, "config.json");
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ['{ "endpoints": [ }', []],
      ["[1]", []],
      ["[1", []],
      ['{ "serverr": {}, "endpoints": [] }', [PORT, "4", "19", ""]],
      [WRITTEN.replace('"true"', '"tru"'), [PORT, "", "", "a-new-key", ""]],
    ];
    for (const [text, answers] of cases) {
      await Deno.writeTextFile(file, text);
      const { code, err } = await setUp(file, answers);
      assertEquals(code, 2, err);
      assertStringIncludes(err, "Nothing was changed");
      assertEquals(await Deno.readTextFile(file), text);
    }
    await Deno.writeFile(file, new Uint8Array([0x7b, 0xfc, 0x7d]));
    const { code, err } = await setUp(file, []);
    assertEquals(code, 2);
    assertStringIncludes(err, "UTF-8");
  }));

Deno.test("setup mends a mistake that it asks for", () =>
  withFolder(async (folder) => {
    const file = join(folder, "config.json");
    await Deno.writeTextFile(file, '{ "server": { "port": "no" }, "endpoints": [] }');
    const { code, err } = await setUp(file, [PORT, "1", "", "", ...service, "n", "y"]);
    assertEquals(code, 0, err);
    assertEquals((await readConfig(file)).server, { port: Number(PORT) });
  }));

Deno.test("setup writes UTF-16 where Notepad saved the config so", () =>
  withFolder(async (folder) => {
    const file = join(folder, "config.json");
    const units = Uint16Array.from(`\ufeff${WRITTEN}`, (character) => character.charCodeAt(0));
    await Deno.writeFile(file, new Uint8Array(units.buffer));
    const { code, err } = await setUp(file, [PORT, "", "", "", "", ...service, "n", "y"]);
    assertEquals(code, 0, err);
    const bytes = await Deno.readFile(file);
    assertEquals([...bytes.subarray(0, 4)], [0xff, 0xfe, 0x2f, 0]);
    assertEquals(
      new TextDecoder("utf-16le").decode(bytes),
      WRITTEN.replace(OLD_PORT, PORT),
    );
  }));

Deno.test("setup does not write over what was changed meanwhile", () =>
  withFolder(async (folder) => {
    const file = join(folder, "config.json");
    await Deno.writeTextFile(file, WRITTEN);
    const answers = [PORT, "", "", "", "", ...service, "n", "y"];
    const terminal = fakeTerminal({ answers });
    const { ask = () => Promise.resolve(undefined) } = terminal;
    const changed = `${WRITTEN}// by another\n`;
    const asking = async (question: string) => {
      if (question.startsWith("Write it?")) await Deno.writeTextFile(file, changed);
      return await ask(question);
    };
    const code = await command.run(["--config", file], { ...terminal, ask: asking });
    assertEquals(code, 1);
    assertStringIncludes(terminal.errors(), "was changed meanwhile");
    assertEquals(await Deno.readTextFile(file), changed);
  }));
