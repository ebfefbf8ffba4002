import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { locateConfig } from "../../../../lib/config/file/locate.ts";
import { withFolder } from "../load_text.ts";

const none = () => undefined;

Deno.test("locateConfig() takes the flag, then STOREHOOK_CONFIG", () =>
  withFolder(async (folder) => {
    const env = (name: string) => name === "STOREHOOK_CONFIG" ? "b.json" : undefined;
    assertEquals(await locateConfig({ flag: "a.json", env, folder }), join(folder, "a.json"));
    assertEquals(await locateConfig({ env, folder }), join(folder, "b.json"));
  }));

Deno.test("locateConfig() looks in the working directory, then beside the program", () =>
  withFolder(async (folder) => {
    const programFolder = join(folder, "program");
    await Deno.mkdir(programFolder);
    const here = join(folder, "config.json");
    const beside = join(programFolder, "config.json");
    const find = () => locateConfig({ env: none, folder, programFolder });
    assertEquals(await find(), here);
    await Deno.writeTextFile(beside, "{}");
    assertEquals(await find(), beside);
    await Deno.writeTextFile(here, "{}");
    assertEquals(await find(), here);
    await Deno.remove(here);
    assertEquals(await locateConfig({ env: none, folder, programFolder: undefined }), here);
  }));
