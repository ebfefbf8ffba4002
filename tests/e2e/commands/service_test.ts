import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { KEY } from "../delivery.ts";
import { runProgram, SHIPPED_CONFIG, startProgram, temporaryFolder } from "../program.ts";
import { runHere } from "../run_here.ts";

const CONFIG = ["--config", SHIPPED_CONFIG];
const SYSTEMD = ["--for", "systemd", "--executable", "/opt/storehook/storehook"];
const WINSW = ["--for", "winsw", "--executable", "/opt/storehook/storehook.exe"];

Deno.test("service install writes what service print shows, and prints the steps", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "storehook.service");
  const install = (...more: string[]) =>
    runProgram(["service", "install", ...CONFIG, ...SYSTEMD, "--to", file, ...more]);
  const printed = await runProgram(["service", "print", ...CONFIG, ...SYSTEMD]);
  const first = await install();
  assertEquals([first.code, first.stderr], [0, ""]);
  assertStringIncludes(first.stdout, `# Wrote ${file}. Run these as an administrator:\n`);
  assertMatch(first.stdout, /\nsystemctl enable --now storehook\n$/);
  // What is enabled is what was just written: it is copied before anything else.
  const [copy] = first.stdout.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  assertEquals(copy, `install -m 0644 '${file}' /etc/systemd/system/storehook.service`);
  assertEquals([printed.code, printed.stdout], [0, await Deno.readTextFile(file)]);
  assertEquals(await install(), first);

  await Deno.writeTextFile(file, "changed by hand");
  const refused = await install();
  assertEquals([refused.code, refused.stdout], [1, ""]);
  assertStringIncludes(refused.stderr, "it exists with another content; give --replace");
  assertEquals(await Deno.readTextFile(file), "changed by hand");
  assertEquals((await install("--replace")).code, 0);
  assertEquals(await Deno.readTextFile(file), printed.stdout);
});

Deno.test("service install finds the keys of a config in the file of the service", async () => {
  await using folder = await temporaryFolder();
  const config = join(folder.path, "config.json");
  await Deno.writeTextFile(
    config,
    JSON.stringify({
      endpoints: [{
        path: "/a",
        kind: "ustore.order-approval",
        signatureKeys: ["${SERVICE_TEST_KEY}"],
        otherwise: { customConfig: true },
      }],
      destinations: { erp: { type: "folder", path: "hot" } },
      log: { file: "logs/storehook.log" },
    }),
  );
  const print = () => runHere(["service", "print", "--config", config, ...SYSTEMD]);
  const without = await print();
  assertEquals([without.code, without.stdout], [2, ""]);
  assertStringIncludes(without.stderr, "SERVICE_TEST_KEY");
  await Deno.writeTextFile(join(folder.path, "storehook.env"), `SERVICE_TEST_KEY="${KEY}"\n`);
  const { code, stdout } = await print();
  assertEquals([code, stdout.includes(KEY)], [0, false]);
  assertStringIncludes(
    stdout,
    `ReadWritePaths="${folder.path}/data" "${folder.path}/logs" "${folder.path}/hot"\n`,
  );
});

Deno.test("service install tells which wrapper Windows lacks", async () => {
  await using folder = await temporaryFolder();
  const to = ["--to", join(folder.path, "storehook-service.xml")];
  const ran = await runProgram(["service", "install", ...CONFIG, ...WINSW, ...to]);
  assertEquals(ran.code, 1);
  assertStringIncludes(ran.stderr, "WinSW is missing: download WinSW-x64.exe");
  assertMatch(ran.stdout, /^rem Wrote .+\n(?:.+\n)+".+storehook-service\.exe" start\n$/);
});

Deno.test("service start, stop and uninstall print commands for a shell", async () => {
  const ran = await Promise.all(
    ["start", "stop", "uninstall"].map((word) => runHere(["service", word, ...SYSTEMD])),
  );
  assertEquals(ran.map(({ code, stderr }) => [code, stderr]), [[0, ""], [0, ""], [0, ""]]);
  const commands = ran.map(({ stdout }) => stdout.split("\n").find((line) => !/^#/.test(line)));
  assertEquals(commands, [
    "systemctl start storehook",
    "systemctl stop storehook",
    "systemctl disable --now storehook",
  ]);
});

Deno.test("service status asks the server of the config whether it is ready", async () => {
  await using program = await startProgram();
  const status = (env: Readonly<Record<string, string>>, ...more: string[]) =>
    runHere(["service", "status", ...CONFIG, ...WINSW, ...more], { env });
  const ready = await status({ STOREHOOK_SERVER_PORT: String(program.port) }, "--json");
  assertEquals([ready.code, JSON.parse(ready.stdout)], [0, {
    definition: "/opt/storehook\\storehook-service.xml",
    installed: false,
    url: `${program.url}/readyz`,
    ready: true,
  }]);
  const { code, stdout } = await status({ STOREHOOK_SERVER_PORT: "1" });
  assertEquals(code, 1);
  assertMatch(stdout, /\(missing\)\nserver .+:1\/readyz\nready +no: nothing answers \(.+\)\n$/);
});

Deno.test("service says what it cannot do, and how it could", async () => {
  const ran = (...args: string[]) => runHere(["service", ...args]);
  const unknown = await ran("print", "--for", "launchd", "--executable", "/x/y");
  assertStringIncludes(
    unknown.stderr,
    'Unknown supervisor "launchd": wanted systemd, windows or winsw',
  );
  const sources = await ran("print", "--for", "systemd");
  assertStringIncludes(sources.stderr, "compile them and give --executable FILE");
  assertEquals([unknown.code, sources.code], [2, 2]);
});

Deno.test("service status asks the server that runs, also when its config names another port", async () => {
  await using folder = await temporaryFolder();
  const env = { STOREHOOK_JOURNAL_PATH: join(folder.path, "journal.db") };
  const status = (...more: string[]) =>
    runHere(["service", "status", ...CONFIG, ...WINSW, ...more], {
      env: { ...env, STOREHOOK_SERVER_PORT: "1" },
    });
  {
    await using program = await startProgram({ env });
    const json = await status("--json");
    const { url, ready, running, restartNeeded } = JSON.parse(json.stdout);
    assertEquals([json.code, url, ready], [0, `${program.url}/readyz`, true]);
    assertEquals([running.pid, running.url, running.adminUrl], [
      program.pid,
      program.url,
      program.adminUrl,
    ]);
    assertEquals(restartNeeded, true);
    const text = await status();
    assertStringIncludes(text.stdout, `, process ${program.pid}, on ${program.url}\n`);
    assertStringIncludes(text.stdout, "by its config it would listen on port 1\n");
    program.kill("SIGTERM");
    await program.status;
  }
  // A clean stop leaves nothing of it behind, and a kill nothing that is believed.
  assertEquals((await status()).code, 1);
  {
    await using program = await startProgram({ env });
    program.kill("SIGKILL");
    await program.status;
  }
  const { code, stdout } = await status("--json");
  assertEquals([code, JSON.parse(stdout).running], [1, undefined]);
});

Deno.test("service commands give what they print as JSON", async () => {
  await using folder = await temporaryFolder();
  const to = join(folder.path, "storehook.service");
  const [printed, stopped, installed] = await Promise.all([
    runHere(["service", "print", ...CONFIG, ...SYSTEMD, "--json"]),
    runHere(["service", "stop", ...SYSTEMD, "--json"]),
    runHere(["service", "install", ...CONFIG, ...SYSTEMD, "--to", to, "--json"]),
  ]);
  const { definition, ...told } = JSON.parse(printed.stdout);
  assertEquals(told, { supervisor: "systemd", file: "/etc/systemd/system/storehook.service" });
  assertEquals(await Deno.readTextFile(to), definition);
  assertEquals(JSON.parse(stopped.stdout), {
    supervisor: "systemd",
    commands: ["systemctl stop storehook"],
  });
  const { commands, ...written } = JSON.parse(installed.stdout);
  assertEquals(written, { supervisor: "systemd", file: to });
  assertEquals(commands.at(-1), "systemctl enable --now storehook");
});

Deno.test("service print for Windows gives the commands that install stands in for", async () => {
  const windows = ["--for", "windows", "--executable", "/opt/storehook.exe", "--name", "Shop 2"];
  const { code, stdout } = await runHere(["service", "print", ...CONFIG, ...windows]);
  assertEquals(code, 0);
  assertMatch(
    stdout,
    /^sc create "Shop 2" binPath= "\S+ service run --name \\"Shop 2\\" .+ obj= "NT SERVICE\\Shop 2"/,
  );
  assertMatch(stdout, /^sc failure .+ actions= restart\/5000\/restart\/30000\/restart\/300000$/m);
  assertMatch(stdout, /^sc failureflag "Shop 2" 0$/m);
});
