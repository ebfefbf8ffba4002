/** A journal is opened while the config is still judged, where nobody would see that of it. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { startOrComplain } from "../../../../lib/cli/serve/start.ts";
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";
import { fakeKind } from "../../config/fake_kind.ts";
import { withFolder } from "../../config/load_text.ts";
import { restoreJournal } from "../../journal/old_journals.ts";
import { delivery } from "../../journal/samples.ts";
import { fakeTerminal } from "../fake_terminal.ts";

const LOOPBACK = { hostname: "127.0.0.1", port: 0 };
const RIGHT = { path: "/a", kind: "fake.kind", signatureKeys: ["a-long-key"] };
const WRONG = { ...RIGHT, rules: [{ name: "r", when: "wrong", then: { approve: true } }] };

async function start(folder: string, config: object) {
  const file = join(folder, "config.json");
  const sections = { server: LOOPBACK, admin: LOOPBACK, journal: { path: "journal.db" } };
  await Deno.writeTextFile(file, JSON.stringify({ ...sections, ...config }));
  const terminal = fakeTerminal();
  const env = () => undefined;
  const started = await startOrComplain({ file, kinds: [fakeKind], env, flags: {} }, terminal);
  return { started, err: terminal.errors() };
}

/** The names of the journal's files, each with what is in it. */
async function filesOf(folder: string) {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  const own = names.filter((name) => name.startsWith("journal.db")).toSorted();
  return await Promise.all(
    own.map(async (name) => [name, await Deno.readFile(join(folder, name))] as const),
  );
}

async function recorded(path: string): Promise<readonly string[]> {
  const journal = openJournal(path);
  try {
    return await Array.fromAsync(journal.each(), ({ id }) => id);
  } finally {
    await journal.close();
  }
}

Deno.test("startOrComplain() makes no journal for a config with mistakes", () =>
  withFolder(async (folder) => {
    const { started, err } = await start(folder, { endpoints: [WRONG] });
    assertEquals(started, 2);
    assertMatch(err, /Cannot read rule wrong/);
    assertEquals(await filesOf(folder), []);
  }));

Deno.test("startOrComplain() brings no journal up to date for a config with mistakes", () =>
  withFolder(async (folder) => {
    await restoreJournal(folder, "in one file");
    const before = await filesOf(folder);
    const { started } = await start(folder, { endpoints: [WRONG] });
    assertEquals(started, 2);
    assertEquals(await filesOf(folder), before);
  }));

Deno.test("startOrComplain() leaves a journal whole and free behind a config with mistakes", () =>
  withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    const journal = openJournal(path);
    const { id } = delivery();
    await journal.record(delivery({ id }));
    await journal.close();

    const { started } = await start(folder, { endpoints: [WRONG] });
    assertEquals(started, 2);
    assertEquals((await filesOf(folder)).map(([name]) => name), ["journal.db", "journal.db-lock"]);
    assertEquals(await recorded(path), [id]);

    const { started: right } = await start(folder, { endpoints: [RIGHT] });
    assert(typeof right === "object");
    await right.watch.stop();
    await right.running.stop();
    assertEquals(await recorded(path), [id]);
  }));

Deno.test("startOrComplain() tells of mistakes of a config, and not of who has its journal", () =>
  withFolder(async (folder) => {
    const journal = openJournal(join(folder, "journal.db"));
    try {
      const { started, err } = await start(folder, { endpoints: [WRONG] });
      assertEquals(started, 2);
      assertMatch(err, /Cannot read rule wrong/);
      assert(!err.includes("another process"), err);
      const { started: right, err: why } = await start(folder, { endpoints: [RIGHT] });
      assertEquals(right, 1);
      assertMatch(why, /another process has it open/);
    } finally {
      await journal.close();
    }
  }));
