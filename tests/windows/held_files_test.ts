import { assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { writeWhole } from "../../lib/forward/folder_destination.ts";
import { openJournal } from "../../lib/journal/sqlite/open.ts";
import { openRotatingFile, shiftFiles } from "../../lib/observe/log_file.ts";
import {
  describeReadFailure,
  isFileBusy,
  readSmallFile,
  retryWhileBusy,
  retryWhileBusySync,
} from "../../lib/util/files.ts";
import { temporaryFolder } from "../e2e/program.ts";
import { holdFile, holdFileFor, isWindows } from "./windows.ts";

const ignore = !isWindows;
const HELD_MS = 300;
const BYTES = new TextEncoder().encode("{}");

function namesIn(folder: string): readonly string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).toSorted();
}

Deno.test("a file that somebody has open is waited for, whatever is done with it", {
  ignore,
}, async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "file");
  const works: Readonly<Record<string, () => Promise<unknown>>> = {
    open: () => Deno.readTextFile(path),
    write: () => Deno.writeTextFile(path, "x"),
    rename: () => Deno.rename(path, join(folder.path, "other")),
    remove: () => Deno.remove(path),
  };
  for (const [name, work] of Object.entries(works)) {
    await Deno.writeTextFile(path, "x");
    const held = holdFileFor(path, HELD_MS);
    const error = await assertRejects(work, Error);
    assertEquals(isFileBusy(error), true, `${name}: ${error.message}`);
    await retryWhileBusy(work);
    await held;
  }
});

Deno.test("what is held for good fails in a short time, and says why", { ignore }, async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "config.json");
  await Deno.writeTextFile(path, "{}");
  using _held = holdFile(path);
  const error = await assertRejects(() => readSmallFile(path), Error);
  assertEquals(describeReadFailure(error), "another program keeps it open");
  assertThrows(() => retryWhileBusySync(() => Deno.removeSync(path)), Error);
});

Deno.test(
  "a config that an editor is just saving is read when it is saved",
  { ignore },
  async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "config.json");
    await Deno.writeTextFile(path, "{}");
    const held = holdFileFor(path, HELD_MS);
    assertEquals(await readSmallFile(path), BYTES);
    await held;
  },
);

Deno.test("a hot folder gets its file while whoever polls it has the one of that name open", {
  ignore,
}, async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(join(folder.path, "a.json"), "");
  const held = holdFileFor(join(folder.path, "a.json"), HELD_MS);
  await writeWhole(folder.path, "a.json", BYTES);
  await held;
  assertEquals(await Deno.readFile(join(folder.path, "a.json")), BYTES);
  assertEquals(namesIn(folder.path), ["a.json"]);
});

Deno.test("a hot folder is left clean where that file stays open", { ignore }, async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(join(folder.path, "a.json"), "");
  using _held = holdFile(join(folder.path, "a.json"));
  await assertRejects(() => writeWhole(folder.path, "a.json", BYTES), Error);
  assertEquals(namesIn(folder.path), ["a.json"]);
});

Deno.test("logs go on in their file while somebody has an older one open", { ignore }, async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "log");
  const told: string[] = [];
  const file = openRotatingFile({ path, maxBytes: 10, maxFiles: 2 }, {
    broken: (reason) => void told.push(`broken: ${reason}`),
    recovered: () => void told.push("recovered"),
    stuck: (reason) => void told.push(`stuck: ${reason}`),
  });
  const write = (text: string) => file.write(new TextEncoder().encode(text));
  write("line one\n");
  write("line two\n");
  {
    using _held = holdFile(`${path}.1`);
    write("line three\n");
  }
  write("line four\n");
  file.close();
  assertEquals(told.length, 1);
  assertMatch(told[0] ?? "", /^stuck: /);
  assertEquals(Deno.readTextFileSync(`${path}.1`), "line two\nline three\n");
  assertEquals(Deno.readTextFileSync(path), "line four\n");
  {
    using _held = holdFile(path);
    assertThrows(() => shiftFiles(path, 2), Error);
  }
  assertEquals(namesIn(folder.path), ["log", "log.1"]);
});

Deno.test("a backup leaves nothing behind where its file cannot get its name", {
  ignore,
}, async () => {
  await using folder = await temporaryFolder();
  const journal = openJournal(join(folder.path, "journal.db"));
  const target = join(folder.path, "backups");
  await Deno.mkdir(target);
  try {
    const copy = journal.backup(join(target, "copy"));
    const held = holdFile(join(target, "copy"));
    await assertRejects(() => copy, Error).finally(() => held[Symbol.dispose]());
    assertEquals(namesIn(target).filter((name) => name !== "copy"), []);
  } finally {
    await journal.close();
  }
});
