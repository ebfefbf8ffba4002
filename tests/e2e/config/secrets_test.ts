import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { temporaryFolder } from "../program.ts";
import { runHere } from "../run_here.ts";

const GOOD = "a-long-enough-key";

/** A config with one secret in each place where there is one. */
function configOf(secret: string): object {
  return {
    timeZone: "UTC",
    endpoints: [
      {
        path: "/order",
        kind: "ustore.order-approval",
        signatureKeys: [secret],
        groups: [1],
        otherwise: ASK,
      },
      { path: "/emporix", kind: "emporix.events", auth: { type: "emporix", secrets: [secret] } },
      {
        path: "/uc",
        kind: "ultracart.events",
        auth: { type: "basic", username: "ultracart", password: secret },
        forward: ["erp"],
      },
    ],
    services: {
      approve: {
        url: "http://127.0.0.1:9/",
        signatureKey: secret,
        onFailure: { approve: true },
      },
    },
    destinations: {
      erp: { type: "http", url: "http://127.0.0.1:9/", headers: { "X-Api-Key": secret } },
    },
  };
}

const ASK = { ask: "approve" };
const PLACES = [
  "endpoints[0].signatureKeys[0]",
  "endpoints[1].auth.secrets[0]",
  "endpoints[2].auth.password",
  "services.approve.signatureKey",
  "destinations.erp.headers.X-Api-Key",
];

async function check(config: object, files: Readonly<Record<string, Uint8Array>> = {}) {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "config.json");
  await Deno.writeTextFile(file, JSON.stringify(config));
  for (const [name, bytes] of Object.entries(files)) {
    await Deno.writeFile(join(folder.path, name), bytes);
  }
  const { code, stdout } = await runHere(["check", "--config", file]);
  return { code, out: stdout };
}

Deno.test("check tells of what nobody sees, and of names of variables, in every secret", async () => {
  for (
    const [secret, words] of [
      [`${GOOD}\u200b`, "found a zero-width space (U+200B) at the end of the secret"],
      ["%USTORE_KEY%", "found the name of a variable, which is taken as the secret itself"],
      ["$USTORE_KEY", 'Write "${USTORE_KEY}" to have the value'],
    ] as const
  ) {
    const { out } = await check(configOf(secret));
    for (const place of PLACES) assertStringIncludes(out, `  ${place}\n`);
    assertStringIncludes(out, words);
    assertEquals(out.split("\n").filter((line) => line.includes(words)).length, PLACES.length);
  }
});

Deno.test("check tells of no good secret", async () => {
  const { code, out } = await check(configOf(GOOD));
  assertEquals([code, PLACES.filter((place) => out.includes(place))], [0, []]);
});

Deno.test("check reads a key from a file of Notepad, and says which file is of another encoding", async () => {
  const utf8 = new TextEncoder().encode(`\ufeff${GOOD}\r\n`);
  const utf16 = Uint8Array.from([
    0xff,
    0xfe,
    ...[...GOOD].flatMap((one) => [one.charCodeAt(0), 0]),
  ]);
  const ansi = Uint8Array.from([...`cl\u00e9 of the store`].map((one) => one.charCodeAt(0)));
  const lines = new TextEncoder().encode(`${GOOD}\n\n`);
  const config = (name: string) => configOf(`\${file:${name}}`);
  const files = { "utf8.key": utf8, "utf16.key": utf16, "ansi.key": ansi, "lines.key": lines };
  for (const name of ["utf8.key", "utf16.key"]) {
    const { code, out } = await check(config(name), files);
    assertEquals([name, code, out.includes("warning")], [name, 0, false], out);
    assertEquals(out.includes("fd6670ca"), false);
  }
  const other = await check(config("ansi.key"), files);
  assertEquals(other.code, 2);
  assertStringIncludes(other.out, 'found the file "ansi.key" in another encoding');
  assertStringIncludes(other.out, "In Notepad: Save as, Encoding UTF-8");
  const missing = await check(config("none.key"), files);
  assertStringIncludes(missing.out, 'found no file "none.key"');
  const twice = await check(config("lines.key"), files);
  assertStringIncludes(
    twice.out,
    "found a line end (U+000A) at the end of the secret from ${file:",
  );
});
