import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import denoJson from "../../deno.json" with { type: "json" };
import { callsWindows } from "../../lib/cli/mod.ts";
import { ENGINE_FLAGS } from "../../release/engine.ts";
import { PERMISSION_FLAGS, WINDOWS_PERMISSION_FLAGS } from "../../release/permissions.ts";

/** Tries what the program must not be able to do, and says how each ended. */
const PROBE = `
const attempts = {
  run: () => new Deno.Command(Deno.execPath(), { args: ["--version"] }).output(),
  ffi: () => Deno.dlopen("libc.so.6", {}),
  sys: () => Deno.hostname(),
  import: () => import("https://127.0.0.1:1/" + "code.js"),
};
const ended = {};
for (const [name, attempt] of Object.entries(attempts)) {
  try {
    await attempt();
    ended[name] = "done";
  } catch (error) {
    ended[name] = error.name;
  }
}
await Deno.writeTextFile(Deno.args[0], JSON.stringify(ended));
`;

Deno.test("PERMISSION_FLAGS let no program run, no library or code load, no system be asked", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/probe.js`, PROBE);
    const args = [`${folder}/probe.js`, `${folder}/ended.json`];
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-config", ...PERMISSION_FLAGS, ...args],
      stdin: "null",
    }).output();
    assertEquals([success, new TextDecoder().decode(stderr)], [true, ""]);
    const ended = JSON.parse(await Deno.readTextFile(`${folder}/ended.json`));
    assertEquals(ended, {
      run: "NotCapable",
      ffi: "NotCapable",
      sys: "NotCapable",
      import: "TypeError",
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the tasks that run the program give it PERMISSION_FLAGS and ENGINE_FLAGS", () => {
  for (const name of ["start", "dev", "demo"] as const) {
    const words = denoJson.tasks[name].command.split(" ");
    const first = words.indexOf("--no-prompt");
    assertEquals(words.slice(first, words.indexOf("main.ts")), PERMISSION_FLAGS, name);
    assertEquals(words.filter((word) => word.startsWith("--v8-flags")), ENGINE_FLAGS, name);
  }
});

Deno.test("WINDOWS_PERMISSION_FLAGS add calls of libraries and nothing else", () => {
  const added = WINDOWS_PERMISSION_FLAGS.filter((flag) => !PERMISSION_FLAGS.includes(flag));
  const missing = PERMISSION_FLAGS.filter((flag) => !WINDOWS_PERMISSION_FLAGS.includes(flag));
  assertEquals([added, missing], [["--allow-ffi"], ["--deny-ffi"]]);
});

Deno.test("the program gives up calls of libraries before any command but those of the service", async () => {
  const main = fromFileUrl(new URL("../../main.ts", import.meta.url));
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-lock", ...WINDOWS_PERMISSION_FLAGS, main, "version", "--json"],
    stdin: "null",
  }).output();
  const { permissions } = JSON.parse(new TextDecoder().decode(stdout));
  // Nobody is asked either: --no-prompt.
  assertEquals([success, permissions.ffi], [true, "prompt"]);
  const words = ["install", "status", "start", "stop", "uninstall", "run"];
  assertEquals(words.map((word) => callsWindows(["service", word])), words.map(() => true));
  const others = [[], ["serve"], ["--port", "0"], ["service"], ["service", "print"], ["check"]];
  assertEquals(others.map(callsWindows), others.map(() => false));
});
