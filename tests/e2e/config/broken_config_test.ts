import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { runProgram, temporaryFolder } from "../program.ts";
import { runHere } from "../run_here.ts";

const BROKEN = `{
  // Six mistakes, one of them in two ways.
  "server": { "hostnam": "127.0.0.1", "port": "eighty", "maxBodyBytes": 0 },
  "endpoints": [
    {
      "path": "/approve",
      "kind": "ustore.order-aproval",
      "signatureKeys": ["a-long-key"]
    },
    {
      "path": "/manufacturer",
      "kind": "ustore.manufacturer",
      "signatureKeys": ["\${NO_SUCH_VARIABLE}"],
      "manufacturers": { "hanover": 2 },
      "rules": [
        { "name": "typo", "when": "item.shipTo.stat == 'NY'", "then": { "manufacturer": "hanover" } },
        { "name": "nobody", "when": "item.quantity > 1", "then": { "manufacturer": "hannover" } }
      ]
    }
  ]
}
`;

/** Where the mistakes are, and a word that each must say. */
const MISTAKES = [
  ["server.hostnam", "hostname"],
  ["server.port", "eighty"],
  ["server.maxBodyBytes", "0"],
  ["endpoints[0].kind", "ustore.order-approval"],
  ["endpoints[1].signatureKeys[0]", "NO_SUCH_VARIABLE"],
  ["endpoints[1].rules[0].when", "state"],
  ["endpoints[1].rules[1].then.manufacturer", "hanover"],
] as const;

async function withConfig(
  text: string | Uint8Array,
  run: (file: string) => Promise<void>,
): Promise<void> {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "config.json");
  await (typeof text === "string" ? Deno.writeTextFile(file, text) : Deno.writeFile(file, text));
  await run(file);
}

Deno.test("serve lists all mistakes of a config, exits 2 and never listens", async () => {
  await withConfig(BROKEN, async (file) => {
    const ran = await runProgram(["serve", "--config", file]);
    assertEquals([ran.code, ran.stdout], [2, ""]);
    const blocks = ran.stderr.trimEnd().split("\n\n");
    assertEquals(blocks.pop(), `${MISTAKES.length} mistakes in ${file}`);
    const found = blocks.map((block) => {
      const [, line, column, path] = /^.+:(\d+):(\d+) {2}(\S+)\n/.exec(block) ?? [];
      return { path, hasPlace: Number(line) > 2 && Number(column) > 0 };
    });
    assertEquals(found, MISTAKES.map(([path]) => ({ path, hasPlace: true })));
    MISTAKES.forEach(([, word], index) => {
      assertEquals(blocks[index]?.includes(word), true, blocks[index]);
    });
  });
});

Deno.test("check lists the same mistakes, on standard output", async () => {
  await withConfig(BROKEN, async (file) => {
    const served = await runProgram(["serve", "--config", file]);
    const checked = await runHere(["check", "--config", file]);
    assertEquals(checked, { code: 2, stdout: served.stderr, stderr: "" });
  });
});

Deno.test("explain refuses a broken config in the same words", async () => {
  await withConfig(BROKEN, async (file) => {
    const served = await runProgram(["serve", "--config", file]);
    const explained = await runHere(["explain", "ustore.manufacturer", "--config", file]);
    assertEquals(explained, served);
  });
});

Deno.test("a mended config serves: each mistake was one", async () => {
  const mended = BROKEN
    .replace('"hostnam": "127.0.0.1", ', "").replace('"eighty"', "80").replace(
      'Bytes": 0',
      'Bytes": 9',
    )
    .replace("order-aproval", "order-approval").replace("${NO_SUCH_VARIABLE}", "key")
    .replace(".stat ", ".stateCode ").replace('"hannover"', '"hanover"');
  await withConfig(mended, async (file) => {
    const ran = await runHere(["check", "--config", file]);
    assertEquals([ran.code, ran.stderr], [0, ""]);
    assertMatch(ran.stdout, / is fine\n/);
  });
});

Deno.test("a config that is no JSON is told with its place", async () => {
  await withConfig('{\n  "server": {\n', async (file) => {
    const ran = await runProgram(["serve", "--config", file]);
    assertEquals([ran.code, ran.stdout], [2, ""]);
    assertMatch(ran.stderr, /config\.json:\d+:\d+/);
  });
});

Deno.test("a config that is missing is told with what to do", async () => {
  await using folder = await temporaryFolder();
  const ran = await runProgram(["serve"], { cwd: folder.path });
  assertEquals([ran.code, ran.stdout], [2, ""]);
  assertMatch(ran.stderr, /Cannot find the config file ".+config\.json"\n {2}Write one with: /);
});

Deno.test("a config from Notepad is read: a byte order mark, CRLF, UTF-16", async () => {
  const text = '{\r\n  "endpoints": []\r\n}\r\n';
  const utf16 = new Uint8Array([...`\ufeff${text}`].flatMap((c) => {
    const unit = c.charCodeAt(0);
    return [unit & 0xff, unit >> 8];
  }));
  for (const form of [`\ufeff${text}`, utf16]) {
    await withConfig(form, async (file) => {
      assertEquals((await runHere(["check", "--config", file])).code, 0);
    });
  }
});

Deno.test("no mistake shows a key", async () => {
  const text = '{ "endpoints": [{ "path": "/a", "kind": "ustore.manufacturer", ' +
    '"signatureKeys": "sup3r-secret", "rules": "sup3r-secret" }] }';
  await withConfig(text, async (file) => {
    const ran = await runHere(["check", "--config", file]);
    assertEquals(ran.code, 2);
    assertEquals(ran.stdout.split("\n\n")[0]?.includes("sup3r"), false);
  });
});
