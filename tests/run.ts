/**
 * Runs tests, several files at a time. They start the program hundreds of times: it is bundled once,
 * as for the executable, and what the engine made of it is kept for all of them, so that a start
 * takes a good half of what it takes from the sources. In a run of all tests small files share
 * isolates. Whoever runs `deno test` has the sources, and an isolate for each file.
 * Usage: deno task test [FILE OR OPTION …], which are those of `deno test`; all tests by default.
 */
import { join } from "@std/path";
import { readBuildFacts } from "../release/build_facts.ts";
import { writeBundle } from "../release/bundle.ts";
import { ROOT } from "../release/executable.ts";
import { BUNDLE_VARIABLE } from "./e2e/main_module.ts";
import { writeGroups } from "./groups.ts";

/** Where the program looks for what is in the repository, by how its modules name it. */
const PLACES = {
  "../../docs/": import.meta.resolve("../docs/"),
  "../../../main.ts": import.meta.resolve("../main.ts"),
} as const;

/** Has a bundle that stands elsewhere find what it takes from the repository. */
async function pointToRepository(folder: string): Promise<void> {
  const missing = new Set<string>(Object.keys(PLACES));
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".js")) continue;
    const file = join(folder, name);
    const text = await Deno.readTextFile(file);
    let pointed = text;
    for (const [written, place] of Object.entries(PLACES)) {
      pointed = pointed.replaceAll(`("${written}"`, `("${place}"`);
      if (text.includes(`("${written}"`)) missing.delete(written);
    }
    if (pointed !== text) await Deno.writeTextFile(file, pointed);
  }
  if (missing.size > 0) {
    throw new Error(`Cannot bundle for the tests: no module asks for ${[...missing].join(", ")}`);
  }
}

async function runTests(bundle: string | undefined, folder: string): Promise<number> {
  const isNamed = Deno.args.some((arg) => !arg.startsWith("-"));
  const all = () => writeGroups(join(ROOT, "tests"), join(folder, "groups"));
  const tests = new Deno.Command(Deno.execPath(), {
    args: [
      ...["test", "--allow-all", "--parallel", "--quiet"],
      ...Deno.args,
      ...(isNamed ? [] : await all()),
    ],
    env: bundle === undefined ? {} : { [BUNDLE_VARIABLE]: bundle },
  }).spawn();
  // Ctrl+C reaches the tests, too; what was made for them goes after their end.
  const wait = () => {};
  Deno.addSignalListener("SIGINT", wait);
  const { code } = await tests.status;
  Deno.removeSignalListener("SIGINT", wait);
  return code;
}

/** Makes the bundle; where that can't be, the tests run the sources. */
async function makeBundle(folder: string): Promise<string | undefined> {
  // Releases are made elsewhere, and so nobody bundles there.
  if (Deno.build.os === "windows") return undefined;
  try {
    const bundle = join(folder, "program");
    await writeBundle(bundle, await readBuildFacts(ROOT));
    await pointToRepository(bundle);
    return bundle;
  } catch (error) {
    console.error(`The tests run the sources, which is slower: ${error}`);
    return undefined;
  }
}

const folder = await Deno.makeTempDir({ prefix: "storehook-tests-" });
let code = 1;
try {
  code = await runTests(await makeBundle(folder), folder);
} finally {
  await Deno.remove(folder, { recursive: true });
}
Deno.exit(code);
