import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { writeBundle } from "../../release/bundle.ts";
import { PERMISSION_FLAGS } from "../../release/permissions.ts";
import { TARGETS } from "../../release/targets.ts";

const SCRIPT = fromFileUrl(new URL("../../release/release.ts", import.meta.url));

Deno.test("release refuses an unknown target and names the known ones", async () => {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-lock", "--allow-read", "--allow-env", SCRIPT, "--only", "amiga"],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const names = TARGETS.map(({ name }) => name).join(", ");
  const decoder = new TextDecoder();
  assertEquals([code, decoder.decode(stdout), decoder.decode(stderr)], [
    2,
    "",
    `Unknown target "amiga": wanted one of ${names}\n`,
  ]);
});

Deno.test("the icon is one of Windows, with the sizes that it shows", async () => {
  const icon = await Deno.readFile(new URL("../../release/storehook.ico", import.meta.url));
  assertEquals([...icon.subarray(0, 6)], [0, 0, 1, 0, 4, 0]);
  // A width of 256 is written as 0.
  assertEquals([0, 1, 2, 3].map((index) => icon[6 + 16 * index]), [16, 32, 48, 0]);
});

Deno.test("writeBundle() writes a program that runs alone, the same each time", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const facts = { commit: "c0ffee-dirty", committedAt: "2026-01-02T03:04:05.000Z" };
    await writeBundle(`${folder}/a`, facts);
    await writeBundle(`${folder}/b`, facts);
    const files = await filesOf(`${folder}/a`);
    assertEquals(await filesOf(`${folder}/b`), files);
    const scripts = Object.entries(files).filter(([name]) => name.endsWith(".js"));
    const text = scripts.map(([, script]) => script).join("");
    assertEquals(/^\/\/ (?:\.\.|\/).*|^.*\/npm\/[^/\s"]+\/.*/m.exec(text), null);
    // One other character doubles what the engine keeps of a file.
    assertEquals(/[^\0-\x7f]/.exec(text), null);
    // Of all languages that zod speaks, one is used: who imports it by name gets all of them.
    assertEquals(
      // Where modules are wrapped, their list stays, empty.
      text.match(/^\/\/ .*\/locales\/.*$/gm)?.filter((line) => !/\/(?:en|index)\.js$/.test(line)),
      [],
    );
    assertEquals(JSON.parse(await Deno.readTextFile(`${folder}/a/build.json`)), facts);
    assertEquals((await Deno.stat(`${folder}/a/main.js`)).mtime, new Date(facts.committedAt));

    const { code, stdout } = await runBundle(`${folder}/a`, "help");
    assertEquals(code, 0);
    assertMatch(stdout, /^Storehook .+\n\nUsage: storehook/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("writeBundle() writes the threads of a program, too", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const facts = { commit: null, committedAt: null };
    await writeBundle(`${folder}/bundle`, facts, "tests/release/thread_program.ts");
    const names = await Array.fromAsync(Deno.readDir(`${folder}/bundle`), ({ name }) => name);
    assertEquals(names.toSorted(), [
      "build.json",
      "lib_journal_sqlite_thread.js",
      "main.js",
      "pages.json.deflated",
    ]);
    const ran = await runBundle(`${folder}/bundle`, `${folder}/journal.db`);
    assertEquals(ran, { code: 0, stdout: "closed\n" });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

async function filesOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  const read = names.toSorted().map(async (name): Promise<[string, string]> => [
    name,
    // What is packed is no UTF-8.
    new TextDecoder("latin1").decode(await Deno.readFile(`${folder}/${name}`)),
  ]);
  return Object.fromEntries(await Promise.all(read));
}

async function runBundle(folder: string, arg: string) {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-config", "--no-npm", ...PERMISSION_FLAGS, `${folder}/main.js`, arg],
    stdin: "null",
  }).output();
  return { code, stdout: new TextDecoder().decode(stdout) };
}
