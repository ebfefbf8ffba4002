import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { startWatch } from "./watched.ts";

const OFTEN = { pollMs: 20 };

Deno.test("watchFiles() sees when a file is written", async () => {
  await using watched = await startWatch(OFTEN);
  await Deno.writeTextFile(watched.file, "second");
  assertEquals(await watched.changed(), "second");
  await Deno.writeTextFile(watched.file, "third");
  assertEquals(await watched.changed(), "third");
  assertEquals(watched.untold(), []);
});

Deno.test("watchFiles() sees when a file is replaced by rename, again and again", async () => {
  await using watched = await startWatch(OFTEN);
  for (const text of ["second", "third"]) {
    const temporary = join(watched.folder, ".config.json.tmp");
    await Deno.writeTextFile(temporary, text);
    await Deno.rename(temporary, watched.file);
    assertEquals(await watched.changed(), text);
  }
});

Deno.test({
  name: "watchFiles() sees when the folder that a link leads through is swapped",
  // Links need a privilege there; nothing mounts a file so.
  ignore: Deno.build.os === "windows",
  async fn() {
    const mount = async (folder: string, name: string, text: string) => {
      await Deno.mkdir(join(folder, name));
      await Deno.writeTextFile(join(folder, name, "config.json"), text);
      await Deno.symlink(name, join(folder, "..data_tmp"));
      await Deno.rename(join(folder, "..data_tmp"), join(folder, "..data"));
    };
    await using watched = await startWatch(OFTEN, async (folder) => {
      await mount(folder, "..2026_01", "first");
      await Deno.symlink("..data/config.json", join(folder, "config.json"));
      return join(folder, "config.json");
    });
    await mount(watched.folder, "..2026_02", "second");
    await Deno.remove(join(watched.folder, "..2026_01"), { recursive: true });
    assertEquals(await watched.changed(), "second");
  },
});

Deno.test("watchFiles() sees when a file goes and comes back", async () => {
  await using watched = await startWatch(OFTEN);
  await Deno.remove(watched.file);
  assertEquals(await watched.changed(), "NotFound");
  await Deno.writeTextFile(watched.file, "second");
  assertEquals(await watched.changed(), "second");
});

Deno.test("watchFiles() sees nothing new when the same is saved again", async () => {
  await using watched = await startWatch(OFTEN);
  await Deno.writeTextFile(watched.file, "first");
  await Deno.utime(watched.file, 1, 1);
  await Deno.writeTextFile(watched.file, "second");
  assertEquals(await watched.changed(), "second");
  assertEquals(watched.untold(), []);
});

Deno.test("watchFiles() waits until a file that is written in parts changes no more", async () => {
  const waits: (() => void)[] = [];
  let asked = Promise.withResolvers<void>();
  await using watched = await startWatch({
    ...OFTEN,
    pause: (_ms, signal) =>
      new Promise((resolve) => {
        waits.push(resolve);
        signal.addEventListener("abort", () => resolve());
        asked.resolve();
        asked = Promise.withResolvers();
      }),
  });
  /** Lets time go on to the next wait. */
  async function goOn(): Promise<void> {
    while (waits.length === 0) await asked.promise;
    waits.shift()?.();
  }
  await Deno.writeTextFile(watched.file, "");
  for (const text of ["se", "seco", "second"]) {
    // Each wait stands before the next look, which sees another file each time.
    while (waits.length === 0) await asked.promise;
    await Deno.writeTextFile(watched.file, text);
    await goOn();
  }
  await goOn();
  assertEquals(await watched.changed(), "second");
  assertEquals(watched.untold(), []);
});

Deno.test("watchFiles() takes what is there for changed when it is told to", async () => {
  await using watched = await startWatch({ pollMs: 3_600_000 });
  watched.force();
  assertEquals(await watched.changed(), "first");
  watched.force();
  assertEquals(await watched.changed(), "first");
});

Deno.test("watchFiles() sees a file in a folder that is made later", async () => {
  await using watched = await startWatch(
    { pollMs: 20 },
    (folder) => Promise.resolve(join(folder, "missing", "config.json")),
  );
  await Deno.mkdir(join(watched.folder, "missing"));
  await Deno.writeTextFile(watched.file, "now there");
  assertEquals(await watched.changed(), "now there");
});
