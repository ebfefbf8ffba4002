import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import * as z from "zod";
import { handlers } from "../../../../handlers/mod.ts";
import { setupCommand } from "../../../../lib/cli/setup/setup.ts";
import { setupEntry } from "../../../../lib/cli/table/server.ts";
import { UsageError } from "../../../../lib/cli/terminal/terminal.ts";
import { readSource } from "../../../../lib/config/source.ts";
import { fileExists } from "../../../../lib/util/files.ts";
import { freePort } from "../../../free_port.ts";
import { withFolder } from "../../config/load_text.ts";
import { fakeTerminal } from "../fake_terminal.ts";
import { runnable } from "../run_command.ts";

const command = runnable(setupEntry, setupCommand(handlers));
const isWindows = Deno.build.os === "windows";
/** On Windows there is one more question: not as a service. */
const service = isWindows ? ["n"] : [];

/** Answers the questions of `setup`; then the input ends. */
async function setUp(file: string, answers: readonly string[]) {
  const terminal = fakeTerminal({ answers });
  const code = await command.run(["--config", file], terminal);
  return { code, out: terminal.output(), err: terminal.errors() };
}

const configShape = z.object({
  server: z.record(z.string(), z.unknown()).optional(),
  endpoints: z.array(z.record(z.string(), z.unknown())),
});

async function readConfig(file: string) {
  return configShape.parse(readSource(await Deno.readTextFile(file)).value);
}

function namesIn(folder: string): readonly string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).toSorted();
}

/** The port that is answered, and that of the config before. */
const [PORT, OLD_PORT] = [String(freePort()), String(freePort())];

const WRITTEN = `// Ours, since 2019
{
\t"server": { "port": ${OLD_PORT}, "hostname": "127.0.0.1", }, // behind the proxy

\t"endpoints": [
\t\t// The first store
\t\t{
\t\t\t"path": "/approve", "kind": "ustore.order-approval",
\t\t\t"signatureKeys": ["\${OUR_KEY:-a-key-of-ours}"], // rotated in May
\t\t\t"rules": [ { "name": "a", "when": "true", "then": { "group": 7 } } ],
\t\t},
\t\t{
\t\t\t"path": "/make", "kind": "ustore.manufacturer", "signatureKeys": ["another-key"],
\t\t\t"otherwise": { "keep": true },
\t\t},
\t],
}
`;

Deno.test("setup writes a config that works, and plays the store against it", () =>
  withFolder(async (folder) => {
    const file = join(folder, "config.json");
    const { code, out, err } = await setUp(file, [
      ...[PORT, "1 2 6", "10065", "499.5", "", "hanover=2; dallas=1", "pasted-key-1"],
      ...["ann:geheim-7", "https://hooks.example/a", ...service, "y", "y"],
    ]);
    assertEquals(code, 0, out + err);
    const { server, endpoints: [approval, maker, events] } = await readConfig(file);
    const publicUrl = "https://hooks.example/a";
    assertEquals(server, { hostname: "127.0.0.1", port: Number(PORT), publicUrl });
    assertEquals(approval?.rules, [
      { name: "large orders", when: "order.total > 499.5", then: { group: 10065 } },
    ]);
    assertMatch(String(approval?.signatureKeys), /^[\w-]{36,}$/);
    assertEquals(maker?.manufacturers, { hanover: 2, dallas: 1 });
    assertEquals(maker?.signatureKeys, ["pasted-key-1"]);
    assertEquals(events?.auth, { type: "basic", username: "ann", password: "geheim-7" });
    assertStringIncludes(out, "6 of 6 answers are as wanted");
    assertStringIncludes(out, `http://127.0.0.1:${PORT}/ustore/order-approval   `);
    assertMatch(out, /https:\/\/hooks\.example\/a\/ultracart\/events +key: line /);
    for (const secret of ["pasted-key-1", "geheim-7", String(approval?.signatureKeys)]) {
      assertEquals((out + err).includes(secret), false);
    }
    assertEquals(namesIn(folder), ["config.json", "config.schema.json"]);
    if (!isWindows) assertEquals(((await Deno.stat(file)).mode ?? 0) & 0o777, 0o600);
  }));

Deno.test("setup says where each key stands", () =>
  withFolder(async (folder) => {
    const file = join(folder, "config.json");
    const { out } = await setUp(file, [PORT, "1 3", "", "", "", "", ...service, "n", "y"]);
    const lines = (await Deno.readTextFile(file)).split(/\r?\n/);
    const told = [...out.matchAll(/key: line (\d+)/g)].map(([, line]) => lines[Number(line) - 1]);
    assertEquals(told.length, 2);
    for (const line of told) assertStringIncludes(line ?? "", '"signatureKeys": [');
  }));

Deno.test("setup refuses an answer in the words of check, and asks again", () =>
  withFolder(async (folder) => {
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = taken.addr;
    const { code, err } = await setUp(join(folder, "config.json"), [
      ...["abc", "65536", String(port), PORT, "9", "ustore.order-approval 4"],
      ...["ten", "10065", "-1", "0", "", "much", "19", "a-key-with\u200bin"],
      ...[...service, "perhaps", "n", "y"],
    ]);
    assertEquals(code, 0, err);
    const wanted = [
      'server.port: found "abc", wanted a whole number from 0 to 65535',
      "server.port: found 65536, wanted a whole number from 0 to 65535",
      `another program of this machine has port ${port}, wanted a free one`,
      'found "9", wanted numbers from 1 to 7',
      'found "ten", wanted a whole number such as 10065',
      'found "-1", wanted an amount such as 500 or 99.50',
      'found "much", wanted a number such as 19 or 8.25',
      "Note: endpoints[1].signatureKeys[0]: found a zero-width space (U+200B)",
      'found "perhaps", wanted yes or no',
    ];
    for (const words of wanted) assertStringIncludes(err, words);
  }));

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

Deno.test("setup that is broken off at any question leaves the config as it was", () =>
  withFolder(async (folder) => {
    const file = join(folder, "config.json");
    const runs = [
      [PORT, "1 2 6", "8", "1", "k-e-y-1", "", "", "", "https://x.example", ...service, "y"],
      [PORT, "1 2 6", "8", "k-e-y-1", "", "", "https://x.example", ...service, "y"],
    ];
    for (const [index, answers] of runs.entries()) {
      const text = index === 0 ? undefined : WRITTEN;
      if (text !== undefined) await Deno.writeTextFile(file, text);
      for (let count = 0; count <= answers.length; count++) {
        const { code, out, err } = await setUp(file, answers.slice(0, count));
        assertEquals([code, out], [1, ""]);
        assert(err.endsWith("\nNothing was changed\n"), err);
        assertEquals(await Deno.readTextFile(file).catch(() => undefined), text);
      }
      const { code, err } = await setUp(file, [...answers, "n"]);
      assertStringIncludes(err, "Write it?");
      assertEquals([code, namesIn(folder).length], [1, index]);
    }
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

Deno.test("setup takes answers from a file, and judges them", () =>
  withFolder(async (folder) => {
    const file = join(folder, "config.json");
    const given = join(folder, "answers.json");
    const run = async (answers: unknown) => {
      const text = typeof answers === "string" ? answers : JSON.stringify(answers);
      await Deno.writeTextFile(given, text);
      return await command.run(["--config", file, "--answers", given], fakeTerminal());
    };
    const refused: readonly (readonly [unknown, string])[] = [
      [{ port: "x" }, `the answer to "port" of "${given}": server.port: found "x"`],
      [{ prot: 80, service: false }, 'is not asked, did you mean "port"?'],
      [[1], "wanted an object of texts, numbers and truth values"],
      ['{ "port": }', "line 1"],
    ];
    for (const [answers, words] of refused) {
      const error = await assertRejects(() => run(answers), UsageError);
      assertStringIncludes(error.message, words);
      assertEquals(await fileExists(file), false);
    }
    const answers = {
      port: Number(PORT),
      endpoints: "ustore.order-approval",
      group: 3,
      amount: 0,
      "key /ustore/order-approval": "from-a-file",
      service: false,
    };
    assertEquals(await run(answers), 0);
    const text = await Deno.readTextFile(file);
    assertStringIncludes(text, '"signatureKeys": ["from-a-file"]');
    assertStringIncludes(text, '"otherwise": { "group": 3 }');
    assertEquals(await run(answers), 0);
    assertEquals(await Deno.readTextFile(file), text);
  }));

Deno.test("setup says what to do where nobody can be asked", async () => {
  await assertRejects(
    () => command.run(["--config", "none.json"], fakeTerminal()),
    UsageError,
    "give the answers with --answers FILE",
  );
});
