import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { runProgram, temporaryFolder } from "../program.ts";
import { approving, startReloadable } from "./reloadable.ts";

/** Windows has no pipes among files. */
const ignore = Deno.build.os === "windows";

Deno.test({
  name: "a pipe in the place of the config is told, and the config after it is served",
  ignore,
  async fn() {
    await using server = await startReloadable({ endpoints: [approving()] });
    await Deno.remove(server.file);
    await new Deno.Command("mkfifo", { args: [server.file] }).output();
    await server.program.logged(/it is a pipe, a socket or a device, wanted a regular file/);
    const { status, config } = await server.readiness();
    assertEquals([status, typeof config], [200, "object"]);
    await server.replace({ endpoints: [approving({ otherwise: { group: 2 } })] });
    await server.served(1);
  },
});

Deno.test({
  name:
    "a pipe in the place of a file that the config names is told, and what comes after it served",
  ignore,
  async fn() {
    await using folder = await temporaryFolder();
    const key = join(folder.path, "key");
    await Deno.writeTextFile(key, "the-key");
    const signatureKeys = [`\${file:${key}}`];
    await using server = await startReloadable({ endpoints: [approving({ signatureKeys })] });
    await Deno.remove(key);
    await new Deno.Command("mkfifo", { args: [key] }).output();
    await server.program.logged(/it is a pipe, a socket or a device, wanted a regular file/);
    await Deno.remove(key);
    await Deno.writeTextFile(key, "another-key");
    await server.served(1);
  },
});

Deno.test({
  name: "check says what stands in the place of a config, and waits for none of it",
  ignore,
  async fn() {
    await using folder = await temporaryFolder();
    const pipe = join(folder.path, "config.json");
    await new Deno.Command("mkfifo", { args: [pipe] }).output();
    for (const file of [pipe, "/dev/zero"]) {
      const { code, stdout } = await runProgram(["check", "--config", file]);
      assertEquals(code, 2);
      assertMatch(stdout, /Cannot read the config file .*: it is a pipe, a socket or a device/);
    }
    const { code, stdout } = await runProgram(["check", "--config", folder.path]);
    assertEquals(code, 2);
    assertMatch(stdout, /it is a folder, wanted a file/);
  },
});
