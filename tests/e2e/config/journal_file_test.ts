/** Configs in which something else would use the files of the journal. */
import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { startProgram, temporaryFolder } from "../program.ts";
import { runHere } from "../run_here.ts";

function config(settings: object, key = "a-key-that-is-long-enough"): string {
  const endpoint = {
    path: "/approve",
    kind: "ustore.order-approval",
    signatureKeys: [key],
    otherwise: { approve: true },
  };
  return JSON.stringify({ endpoints: [endpoint], ...settings });
}

const JOURNAL = { journal: { path: "journal.db" } };

const WRONG: Readonly<Record<string, readonly [text: string, told: RegExp]>> = {
  "a key is read from it": [
    config(JOURNAL, "${file:journal.db}"),
    /journal\.path.*found "journal\.db", while the config reads ".*journal\.db"/,
  ],
  "a key is read by a link to it": [
    config(JOURNAL, "${file:link}"),
    /journal\.path.*found "journal\.db", while the config reads ".*link"/,
  ],
  "it is the config": [
    config({ journal: { path: "config.json" } }),
    /journal\.path.*found "config\.json", while the config reads ".*config\.json"/,
  ],
  "the log goes to it": [
    config({ ...JOURNAL, log: { file: "journal.db" } }),
    /log\.file.*found "journal\.db", which is a file of the journal/,
  ],
  "the log goes to a file beside it": [
    config({ ...JOURNAL, log: { file: "x/../journal.db-wal" } }),
    /log\.file.*found "x\/\.\.\/journal\.db-wal", which is a file of the journal/,
  ],
};

for (const [what, [text, told]] of Object.entries(WRONG)) {
  Deno.test({
    name: `check refuses a journal where ${what}`,
    // Links need a privilege there.
    ignore: Deno.build.os === "windows" && what.includes("link"),
    async fn() {
      await using folder = await temporaryFolder();
      const file = join(folder.path, "config.json");
      await Deno.writeTextFile(file, text);
      await Deno.writeTextFile(join(folder.path, "journal.db"), "a-text-that-is-long-enough");
      if (what.includes("link")) await Deno.symlink("journal.db", join(folder.path, "link"));
      const { code, stdout, stderr } = await runHere(["check", "--config", file]);
      assertEquals(code, 2);
      assertMatch(`${stdout}${stderr}`.replaceAll(/\s+/g, " "), told);
    },
  });
}

Deno.test({
  name: "a changed config that names the journal is refused, and the journal is not opened by it",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "config.json");
    const path = join(folder.path, "journal.db");
    await Deno.writeTextFile(file, config(JOURNAL));
    await using program = await startProgram({
      config: file,
      env: { STOREHOOK_JOURNAL_PATH: path },
    });
    await Deno.writeTextFile(file, config(JOURNAL, "${file:journal.db}"));
    await program.logged(/it is a file of the journal, which nothing else may open/);
    const { ino } = await Deno.stat(path);
    const locks = await Deno.readTextFile("/proc/locks");
    assertMatch(locks, new RegExp(`POSIX +ADVISORY +READ +${program.pid} \\S+:${ino} `));
  },
});
