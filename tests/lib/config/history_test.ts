import { assertEquals, assertRejects } from "@std/assert";
import { basename, dirname, join } from "@std/path";
import {
  ConfigChangedMeanwhile,
  listConfigVersions,
  readConfigFile,
  readConfigVersion,
  replaceConfig,
  versionsFolder,
} from "../../../lib/config/history.ts";
import { withFolder } from "./load_text.ts";

const NOW = Date.parse("2026-03-01T10:00:00Z");

/** Runs with a config file. */
function withFile(text: string, test: (file: string) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const file = join(folder, "config.json");
    await Deno.writeTextFile(file, text);
    await test(file);
  });
}

async function replace(file: string, text: string, by = "ann", now = NOW) {
  const { fingerprint } = await readConfigFile(file);
  return await replaceConfig({ file, text, replaces: fingerprint, by, now });
}

/** What stands beside the file, but for versions. */
async function besides(file: string): Promise<readonly string[]> {
  const names = await Array.fromAsync(Deno.readDir(dirname(file)), ({ name }) => name);
  return names.filter((name) => ![basename(file), basename(versionsFolder(file))].includes(name));
}

Deno.test("a config is replaced, and the one before is kept with who and when", () =>
  withFile("one", async (file) => {
    const { kept, fingerprint } = await replace(file, "two", "Ann O'Neill / ops");
    assertEquals(await Deno.readTextFile(file), "two");
    assertEquals((await readConfigFile(file)).fingerprint, fingerprint);
    const versions = await listConfigVersions(file);
    assertEquals(versions, [{ id: kept.id, replacedAt: NOW, by: "Ann O'Neill / ops" }]);
    assertEquals(await readConfigVersion(file, kept.id), "one");
    assertEquals(await readConfigVersion(file, "../config"), undefined);
    assertEquals(await besides(file), []);
  }));

Deno.test("a config that was changed meanwhile is left as it is, and nothing is kept of it", () =>
  withFile("one", async (file) => {
    const { fingerprint } = await readConfigFile(file);
    await Deno.writeTextFile(file, "by hand");
    await assertRejects(
      () => replaceConfig({ file, text: "two", replaces: fingerprint, by: "ann", now: NOW }),
      ConfigChangedMeanwhile,
    );
    assertEquals(await Deno.readTextFile(file), "by hand");
    assertEquals([await listConfigVersions(file), await besides(file)], [[], []]);
  }));

Deno.test("of many who replace the same config at once one does, and the others are told", () =>
  withFile("one", async (file) => {
    const { fingerprint } = await readConfigFile(file);
    const all = await Promise.allSettled(
      Array.from(
        { length: 20 },
        (_, index) =>
          replaceConfig({ file, text: `by ${index}`, replaces: fingerprint, by: "x", now: NOW }),
      ),
    );
    assertEquals(all.filter(({ status }) => status === "fulfilled").length, 1);
    assertEquals(await Deno.readTextFile(file), "by 0");
    assertEquals((await listConfigVersions(file)).length, 1);
    assertEquals(await besides(file), []);
  }));

Deno.test("a byte order mark and the right to read stay", () =>
  withFile("\ufeffone", async (file) => {
    if (Deno.build.os !== "windows") await Deno.chmod(file, 0o640);
    const { kept } = await replace(file, "two\r\nthree\r\n");
    assertEquals([...await Deno.readFile(file)].slice(0, 5), [0xef, 0xbb, 0xbf, 0x74, 0x77]);
    assertEquals((await readConfigFile(file)).text, "two\r\nthree\r\n");
    assertEquals(await readConfigVersion(file, kept.id), "one");
    if (Deno.build.os === "windows") return;
    assertEquals(((await Deno.stat(file)).mode ?? 0) & 0o777, 0o640);
    const version = join(versionsFolder(file), `${kept.id}.json`);
    assertEquals(((await Deno.stat(version)).mode ?? 0) & 0o777, 0o600);
    assertEquals(((await Deno.stat(versionsFolder(file))).mode ?? 0) & 0o777, 0o700);
  }));

Deno.test({
  name: "a link to a config stays one, and a read-only file is not replaced",
  ignore: Deno.build.os === "windows",
  fn: () =>
    withFile("one", async (file) => {
      const link = join(dirname(file), "link.json");
      await Deno.symlink(file, link);
      await replace(link, "two");
      assertEquals((await Deno.lstat(link)).isSymlink, true);
      assertEquals(await Deno.readTextFile(file), "two");
      assertEquals((await listConfigVersions(link)).length, 1);
      await Deno.chmod(file, 0o444);
      await assertRejects(() => replace(link, "three"), Deno.errors.PermissionDenied, "read-only");
      assertEquals(await Deno.readTextFile(file), "two");
    }),
});

Deno.test("what the disk refuses leaves the config as it is, with nothing beside it", () =>
  withFile("one", async (file) => {
    // No version can be kept.
    await Deno.writeTextFile(versionsFolder(file), "in the way");
    await assertRejects(() => replace(file, "two"), Error);
    assertEquals([await Deno.readTextFile(file), await besides(file)], ["one", []]);
    await Deno.remove(versionsFolder(file));
    // The new file cannot be written.
    await Deno.mkdir(join(`${file}.partial`, "in the way"), { recursive: true });
    await assertRejects(() => replace(file, "two"), Error);
    assertEquals(await Deno.readTextFile(file), "one");
    assertEquals(await listConfigVersions(file), []);
    await Deno.remove(`${file}.partial`, { recursive: true });
    // Afterwards it works.
    await replace(file, "two");
    assertEquals(await Deno.readTextFile(file), "two");
    // It is gone.
    const { fingerprint } = await readConfigFile(file);
    await Deno.remove(file);
    await assertRejects(
      () => replaceConfig({ file, text: "x", replaces: fingerprint, by: "ann", now: NOW }),
      Deno.errors.NotFound,
    );
    assertEquals(await besides(file), []);
  }));

Deno.test("a hundred versions are kept, in the order of their making whatever the clock says", () =>
  withFile("0", async (file) => {
    // The clock goes back, and many are made at one instant.
    for (let version = 1; version <= 103; version++) {
      await replace(file, String(version), "ann", version < 50 ? NOW : NOW - 5000);
    }
    const versions = await listConfigVersions(file);
    assertEquals(versions.length, 100);
    assertEquals(await readConfigVersion(file, versions[0]?.id ?? ""), "102");
    assertEquals(await readConfigVersion(file, versions.at(-1)?.id ?? ""), "3");
    // What is no version is neither listed nor removed.
    await Deno.writeTextFile(join(versionsFolder(file), "notes.txt"), "mine");
    await replace(file, "last");
    assertEquals((await listConfigVersions(file)).length, 100);
    assertEquals(await Deno.readTextFile(join(versionsFolder(file), "notes.txt")), "mine");
  }));
