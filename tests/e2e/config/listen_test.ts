import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { freePort } from "../../free_port.ts";
import { assertAlive, KEY } from "../delivery.ts";
import {
  runProgram,
  shareProgram,
  SHIPPED_CONFIG,
  STACK_TRACE,
  startProgram,
  temporaryFolder,
} from "../program.ts";
import { runHere } from "../run_here.ts";

const test = shareProgram();

function configOf(server: object): object {
  return {
    server,
    endpoints: [{
      path: "/ustore/order-approval",
      kind: "ustore.order-approval",
      signatureKeys: ["not-the-development-key"],
      otherwise: { customConfig: true },
    }],
  };
}

test("a port in use is told in one line, with exit 1", async ({ port }) => {
  const ran = await runProgram(["serve", "--config", SHIPPED_CONFIG, "--port", String(port)]);
  assertEquals([ran.code, ran.stdout], [1, ""]);
  assertMatch(ran.stderr, new RegExp(`^Cannot listen on 127\\.0\\.0\\.1, port ${port}: .+\\n$`));
  assertMatch(ran.stderr, /set server\.port, STOREHOOK_SERVER_PORT or --port to another port\n$/);
  assertEquals(STACK_TRACE.exec(ran.stderr), null);
});

test("a host name that is not of this machine is told in one line, with exit 1", async () => {
  const args = ["serve", "--config", SHIPPED_CONFIG, "--port", "0", "--hostname"];
  const env = { USTORE_SIGNATURE_KEY: "a-key-of-my-own" };
  const ran = await runProgram([...args, "192.0.2.1"], { env });
  assertEquals([ran.code, ran.stdout], [1, ""]);
  assertMatch(ran.stderr, /^Cannot listen on 192\.0\.2\.1, port 0: .+\n$/);
  assertMatch(ran.stderr, /set server\.hostname, .+ to an address of this machine/);
});

test("--port stands above the environment, and that above the file", async () => {
  const [inFile, inEnvironment, inFlag] = [freePort(), freePort(), freePort()];
  const config = configOf({ port: inFile });
  const env = { STOREHOOK_SERVER_PORT: String(inEnvironment) };
  await using byFile = await startProgram({ config, args: [] });
  assertEquals(byFile.port, inFile);
  await using byEnvironment = await startProgram({ config, args: [], env });
  assertEquals(byEnvironment.port, inEnvironment);
  await using byFlag = await startProgram({ config, args: ["--port", String(inFlag)], env });
  assertEquals(byFlag.port, inFlag);
});

test("--hostname stands above the environment, and that above the file", async () => {
  const config = configOf({ hostname: "127.0.0.3", port: 0 });
  const env = { STOREHOOK_SERVER_HOSTNAME: "127.0.0.1" };
  const hostOf = async (options: Parameters<typeof startProgram>[0]) => {
    await using program = await startProgram(options);
    return new URL(program.url).hostname;
  };
  // Not every system has more of 127.0.0.0/8 than its first address.
  if (Deno.build.os === "linux") {
    assertEquals(await hostOf({ config, args: [] }), "127.0.0.3");
  }
  assertEquals(await hostOf({ config, args: [], env }), "127.0.0.1");
  const other = { STOREHOOK_SERVER_HOSTNAME: "192.0.2.1" };
  assertEquals(await hostOf({ config, args: ["--hostname=localhost"], env: other }), "127.0.0.1");
});

test("an environment variable takes the place of any setting", async () => {
  const env = { STOREHOOK_ENDPOINTS_0_SIGNATURE_KEYS_0: KEY, STOREHOOK_SERVER_PORT: "" };
  await using program = await startProgram({ config: configOf({}), env });
  await assertAlive(program);
  assertEquals(program.stderr().includes("STOREHOOK"), false);
});

test("STOREHOOK_CONFIG names the config, and --config stands above it", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "mine.json");
  await Deno.writeTextFile(file, JSON.stringify(configOf({ port: 4321 })));
  const env = { STOREHOOK_CONFIG: file };
  const cwd = folder.path;
  assertMatch((await runProgram(["check"], { env, cwd })).stdout, /port 4321/);
  const flagged = await runProgram(["check", "--config", SHIPPED_CONFIG], { env, cwd });
  assertMatch(flagged.stdout, /port 8080/);
});

for (const port of ["65536", "-1", "80a", "", "1e3", " 80", "0x50"]) {
  Deno.test(`--port ${JSON.stringify(port)} is wrong usage`, async () => {
    const ran = await runHere(["serve", "--config", SHIPPED_CONFIG, `--port=${port}`]);
    assertEquals([ran.code, ran.stdout], [2, ""]);
    assertMatch(ran.stderr, /^(?:Cannot listen on port|Option "--port" needs a value)/);
    assertMatch(ran.stderr, /\nSee: storehook serve --help\n$/);
  });
}

test("a wrong port in the environment is a mistake that names the variable", async () => {
  const env = { STOREHOOK_SERVER_PORT: "eighty" };
  const ran = await runHere(["serve", "--config", SHIPPED_CONFIG], { env });
  assertEquals([ran.code, ran.stdout], [2, ""]);
  assertMatch(ran.stderr, /server\.port\n.*STOREHOOK_SERVER_PORT/);
});

for (const hostname of ["0.0.0.0", "::", "192.0.2.1"]) {
  Deno.test(`the development key is refused beyond loopback, at ${hostname}`, async () => {
    const args = ["--config", SHIPPED_CONFIG, "--port", "0", "--hostname", hostname];
    const ran = await runHere(["serve", ...args]);
    assertEquals([ran.code, ran.stdout], [2, ""]);
    assertMatch(ran.stderr, /signatureKeys/);
    assertMatch(ran.stderr, /\d+ mistakes? in /);
  });
}

test("beyond loopback it listens with a key of one's own", async () => {
  const env = { USTORE_SIGNATURE_KEY: "a-key-of-my-own" };
  const args = ["--port", "0", "--hostname", "0.0.0.0"];
  await using program = await startProgram({ args, env });
  assertEquals(new URL(program.url).hostname, "0.0.0.0");
  assertEquals(program.stdout().includes("a-key-of-my-own"), false);
  assertMatch(program.stdout(), /order-approval --key KEY\n/);
});

test("a misspelt setting in the environment is a warning, and the server starts", async () => {
  await using program = await startProgram({ env: { STOREHOOK_SERVER_PROT: "1" } });
  assertMatch(program.stderr(), /STOREHOOK_SERVER_PROT[^]*Did you mean STOREHOOK_SERVER_PORT\?/);
  await assertAlive(program);
});

test("a setting in the environment without its section is a warning that names what was meant", async () => {
  const warned = {
    STOREHOOK_PORT: "STOREHOOK_SERVER_PORT or STOREHOOK_ADMIN_PORT",
    STOREHOOK_PUBLIC_URL: "STOREHOOK_SERVER_PUBLIC_URL or STOREHOOK_CONSOLE_PUBLIC_URL",
    STOREHOOK_HOST: "STOREHOOK_SERVER_HOSTNAME or STOREHOOK_ADMIN_HOSTNAME",
    STOREHOOK_LEVEL: "STOREHOOK_LOG_LEVEL",
  };
  for (const [name, meant] of Object.entries(warned)) {
    const { code, stdout } = await runProgram(["check", "--config", SHIPPED_CONFIG], {
      env: { [name]: "9" },
    });
    assertEquals(code, 0);
    const words = stdout.replace(/\s+/g, " ");
    assertEquals(words.includes(`found ${name} in the environment`), true, stdout);
    assertEquals(words.includes(`Did you mean ${meant}?`), true, stdout);
  }
});
