import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { createFolderDestination } from "../../lib/forward/folder_destination.ts";
import { folderSettings } from "../../lib/forward/settings.ts";
import { runProgram, startProgram, temporaryFolder } from "../e2e/program.ts";
import { forwardOf, storedEvent } from "../lib/forward/samples.ts";
import { isWindows } from "./windows.ts";

const ignore = !isWindows;

/** As an old Notepad saves it: with a mark of byte order and with CRLF. */
function asNotepad(config: object): string {
  return `\ufeff${JSON.stringify(config, null, 2).replaceAll("\n", "\r\n")}\r\n`;
}

Deno.test(
  "a config of Notepad in a folder with blanks and umlauts is served, its journal where it says",
  {
    ignore,
  },
  async () => {
    await using folder = await temporaryFolder();
    const home = join(folder.path, "Büro & Lager (alt)");
    await Deno.mkdir(home);
    const file = join(home, "config.json");
    await Deno.writeTextFile(
      file,
      asNotepad({ journal: { path: "data\\journal.db" }, endpoints: [] }),
    );
    const checked = await runProgram(["check", "--config", file]);
    assertEquals(checked.code, 0, checked.stdout + checked.stderr);
    await using program = await startProgram({
      config: file,
      env: { STOREHOOK_JOURNAL_PATH: "data\\journal.db" },
    });
    assertEquals(
      (await fetch(`${program.url}/livez`).then((response) => response.text())) !== "",
      true,
    );
    assertEquals((await Deno.stat(join(home, "data", "journal.db"))).isFile, true);
    // The same journal by other capitals is the same: a second server may not write it.
    const second = await runProgram(["serve", "--config", file, "--port", "0"], {
      env: { STOREHOOK_JOURNAL_PATH: "DATA\\Journal.DB" },
    });
    assertEquals(second.code === 0, false);
    assertStringIncludes(second.stderr, "another process has it open");
  },
);

Deno.test("check tells of a path that starts at the current folder of a drive", {
  ignore,
}, async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "config.json");
  await Deno.writeTextFile(file, asNotepad({ journal: { path: "C:journal.db" }, endpoints: [] }));
  const { stdout, stderr } = await runProgram(["check", "--config", file]);
  assertStringIncludes(stdout + stderr, "the current folder of the drive C:");
});

Deno.test("init writes lines that every Notepad shows, and serves what it wrote", {
  ignore,
}, async () => {
  await using folder = await temporaryFolder();
  const { code, stderr } = await runProgram(["init"], { cwd: folder.path });
  assertEquals([code, stderr], [0, ""]);
  for (const name of ["config.json", "config.schema.json"]) {
    const text = await Deno.readTextFile(join(folder.path, name));
    assertEquals(/[^\r]\n|^\ufeff/.test(text), false, name);
    assertEquals(text.includes("\r\n"), true, name);
  }
  assertEquals((await runProgram(["check"], { cwd: folder.path })).code, 0);
});

Deno.test("a folder in the place of a file is told as one, of whatever file", async () => {
  await using folder = await temporaryFolder();
  const sending = ["send", "ustore.tax", "--to", "http://localhost", "--key", "k", "--body"];
  for (const args of [["check", "--config"], sending]) {
    const { code, stdout, stderr } = await runProgram([...args, folder.path]);
    assertEquals(code, 2, stdout + stderr);
    assertStringIncludes(stdout + stderr, "it is a folder, wanted a file");
  }
});

function writeInto(path: string) {
  const destination = createFolderDestination(folderSettings().parse({ type: "folder", path }));
  return destination.attempt(forwardOf(storedEvent()), new AbortController().signal);
}

Deno.test("a share that is not there is told, and nothing is made in its place", {
  ignore,
}, async () => {
  const path = "\\\\127.0.0.1\\storehook-none\\hot";
  const result = await writeInto(path);
  assertEquals(result.delivered, false);
  assertStringIncludes("error" in result ? result.error : "", JSON.stringify(path));
});

Deno.test("a hot folder may have a long path", { ignore }, async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "a".repeat(120), "b".repeat(120));
  await Deno.mkdir(path, { recursive: true });
  assertEquals(await writeInto(path), { delivered: true, status: null });
  assertEquals(Array.from(Deno.readDirSync(path)).length, 1);
});
