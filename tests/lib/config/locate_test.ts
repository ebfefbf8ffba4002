import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import {
  configPlaces,
  findConfig,
  locateConfig,
  type LocateOptions,
  placeNewConfig,
} from "../../../lib/config/locate.ts";
import { withFolder } from "./load_text.ts";

const none = () => undefined;

Deno.test("locateConfig() takes the flag, then STOREHOOK_CONFIG", () =>
  withFolder(async (folder) => {
    const env = (name: string) => name === "STOREHOOK_CONFIG" ? "b.json" : undefined;
    assertEquals(await findConfig({ flag: "a.json", env, folder }), {
      file: join(folder, "a.json"),
      why: "named by --config",
      isNamed: true,
    });
    assertEquals(await findConfig({ env, folder }), {
      file: join(folder, "b.json"),
      why: "named by STOREHOOK_CONFIG",
      isNamed: true,
    });
  }));

/** A working directory, a program and the folder of a machine's data, each without a config. */
async function withPlaces(
  test: (
    files: { readonly here: string; readonly beside: string; readonly data: string },
    options: LocateOptions,
  ) => Promise<void>,
) {
  await withFolder(async (folder) => {
    const programFolder = join(folder, "program");
    const dataFolder = join(folder, "data", "Storehook");
    await Deno.mkdir(programFolder);
    await Deno.mkdir(dataFolder, { recursive: true });
    const env = (name: string) => name === "ProgramData" ? join(folder, "data") : undefined;
    await test({
      here: join(folder, "config.json"),
      beside: join(programFolder, "config.json"),
      data: join(dataFolder, "config.json"),
    }, { env, folder, programFolder, os: "windows" });
  });
}

Deno.test("findConfig() looks in the working directory, beside the program, in %ProgramData%", () =>
  withPlaces(async ({ here, beside, data }, options) => {
    const find = async () => {
      const { file, why } = await findConfig(options);
      return [file, why];
    };
    assertEquals(await find(), [here, "in the working directory"]);
    await Deno.writeTextFile(data, "{}");
    assertEquals(await find(), [data, "in %ProgramData%\\Storehook"]);
    await Deno.writeTextFile(beside, "{}");
    assertEquals(await find(), [beside, "beside the program"]);
    await Deno.writeTextFile(here, "{}");
    assertEquals(await find(), [here, "in the working directory"]);
    assertEquals(configPlaces(options), [here, beside, data]);
  }));

Deno.test("findConfig() looks into no folder of data elsewhere, nor for who runs the sources", () =>
  withPlaces(async ({ here, beside, data }, options) => {
    await Deno.writeTextFile(data, "{}");
    assertEquals(await locateConfig({ ...options, os: "linux" }), here);
    await Deno.writeTextFile(beside, "{}");
    assertEquals(await locateConfig({ ...options, programFolder: undefined }), here);
    assertEquals(configPlaces({ ...options, programFolder: undefined }), [here]);
  }));

Deno.test("placeNewConfig() goes beside the program, and from there to %ProgramData%", () => {
  const root = Deno.build.os === "windows" ? "C:\\" : "/";
  const [windows, programs, data] = [join(root, "Win"), join(root, "Programs"), join(root, "Data")];
  const variables: Readonly<Record<string, string>> = {
    SystemRoot: windows.toUpperCase(),
    ProgramFiles: programs,
    ProgramData: data,
  };
  const place = (programFolder: string) =>
    placeNewConfig({
      env: (name) => variables[name],
      folder: join(windows, "System32"),
      programFolder,
      os: "windows",
    });
  assertEquals(place(join(root, "Storehook")), {
    file: join(root, "Storehook", "config.json"),
    why: "beside the program",
    isNamed: false,
  });
  assertEquals(place(join(programs, "Storehook")).file, join(data, "Storehook", "config.json"));
  assertEquals(
    placeNewConfig({ env: none, folder: windows, programFolder: windows, os: "linux" }).file,
    join(windows, "config.json"),
  );
  assertEquals(
    placeNewConfig({ flag: "a.json", env: none, folder: windows }).file,
    join(windows, "a.json"),
  );
});
