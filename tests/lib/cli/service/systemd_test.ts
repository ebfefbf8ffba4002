import fc from "fast-check";
import { assertEquals, assertGreater, assertLess, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import type { ServicePlan } from "../../../../lib/cli/service/supervisor.ts";
import { parseEnvironmentFile, systemd, systemdUnit } from "../../../../lib/cli/service/systemd.ts";
import { findTool } from "../../../e2e/tool.ts";
import { LINUX_PLAN } from "./sample_plan.ts";

const shell = findTool("bash", "--version");

function commandsOf(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => !line.startsWith("#"));
}

Deno.test("systemd.install() makes the account and its folders before the service starts", () => {
  assertEquals(commandsOf(systemd.install(LINUX_PLAN)), [
    "id -u storehook >/dev/null 2>&1 || useradd --system --user-group --no-create-home " +
    "--shell /usr/sbin/nologin storehook",
    "chown root:storehook '/etc/storehook/config.json'",
    "chmod 0640 '/etc/storehook/config.json'",
    "if [ -e '/etc/storehook/storehook.env' ]; then " +
    "chown root:root '/etc/storehook/storehook.env'; " +
    "chmod 0600 '/etc/storehook/storehook.env'; fi",
    "install -d -o storehook -g storehook -m 0750 '/var/lib/storehook'",
    "for file in '/var/lib/storehook/journal.db'*; do [ ! -e \"$file\" ] || " +
    'chown storehook:storehook "$file"; done',
    "[ -d '/srv/hot folder' ] || install -d -o storehook -g storehook -m 0750 '/srv/hot folder'",
    "systemctl daemon-reload",
    "systemctl enable --now storehook",
  ]);
});

Deno.test("systemd.uninstall() stops the service before its unit goes", () => {
  assertEquals(commandsOf(systemd.steps.uninstall("/opt/storehook/storehook")), [
    "systemctl disable --now storehook",
    "rm /etc/systemd/system/storehook.service",
    "systemctl daemon-reload",
  ]);
});

Deno.test({
  name: "systemd.install() is a script for a shell, whatever the folders are called",
  ignore: shell.missing !== undefined,
  async fn() {
    const plan = { ...LINUX_PLAN, journal: "/a 'b' $(c)/journal.db", folders: ["/`d`\\"] };
    const script = new TextEncoder().encode(systemd.install(plan).join("\n"));
    // Only read, not run.
    assertEquals(await shell.run(["-n", "-s"], script), new Uint8Array(0));
    const words = new TextEncoder().encode(
      "chown() { :; }; chmod() { :; }; id() { :; }; systemctl() { :; }\n" +
        'install() { printf "%s\\n" "${@: -1}"; }\n' + systemd.install(plan).join("\n"),
    );
    const made = new TextDecoder().decode(await shell.run(["-s"], words));
    assertEquals(made, "/a 'b' $(c)\n/`d`\\\n");
  },
});

const analyze = findTool("systemd-analyze", "--version");
const ignore = analyze.missing !== undefined;
const suffix = ignore ? " (skipped: this machine has no systemd-analyze)" : "";

function settingsOf(unit: string): Readonly<Record<string, readonly string[]>> {
  const pairs = [...unit.matchAll(/^(\w+)=(.*)$/gm)];
  return Object.fromEntries(
    Map.groupBy(pairs, ([, name = ""]) => name).entries()
      .map(([name, all]) => [name, all.map(([, , value = ""]) => value)]),
  );
}

Deno.test("systemdUnit() runs the executable with its config, and restarts it but for a bad config", () => {
  const unit = settingsOf(systemdUnit(LINUX_PLAN));
  assertEquals(
    [unit.ExecStart, unit.Restart, unit.RestartPreventExitStatus, unit.EnvironmentFile],
    [
      ['"/opt/storehook/storehook" serve --config "/etc/storehook/config.json"'],
      ["on-failure"],
      ["2"],
      ["-/etc/storehook/storehook.env"],
    ],
  );
});

Deno.test("systemdUnit() lets it write what the config names, and nothing else", () => {
  const unit = settingsOf(systemdUnit(LINUX_PLAN));
  assertEquals(unit.ProtectSystem, ["strict"]);
  assertEquals(unit.ReadWritePaths, ['"/var/lib/storehook" "/srv/hot folder"']);
});

Deno.test("systemdUnit() gives a right alone where the port needs one", () => {
  for (
    const [port, wanted] of [[8080, ""], [0, ""], [443, "CAP_NET_BIND_SERVICE"]] as const
  ) {
    const unit = settingsOf(systemdUnit({ ...LINUX_PLAN, port }));
    assertEquals([unit.AmbientCapabilities, unit.CapabilityBoundingSet], [[wanted], [wanted]]);
    assertEquals(unit.PrivateUsers, wanted === "" ? ["yes"] : undefined);
  }
});

Deno.test("systemdUnit() hides homes and temporary folders, but those that the config names", () => {
  const hidden = settingsOf(systemdUnit(LINUX_PLAN));
  assertEquals([hidden.ProtectHome, hidden.PrivateTmp], [["yes"], ["yes"]]);
  const used = settingsOf(systemdUnit({ ...LINUX_PLAN, folders: ["/home/a/b", "/tmp/c"] }));
  assertEquals([used.ProtectHome, used.PrivateTmp], [["read-only"], ["no"]]);
});

Deno.test("systemdUnit() keeps what systemd would fill in as it is", () => {
  const unit = settingsOf(systemdUnit({ ...LINUX_PLAN, config: '/etc/100% $HOME "x"/c.json' }));
  assertEquals(unit.ExecStart, [
    '"/opt/storehook/storehook" serve --config "/etc/100%% $$HOME \\"x\\"/c.json"',
  ]);
  assertEquals(unit.WorkingDirectory, ['/etc/100%% $HOME "x"']);
});

/** Runs systemd-analyze on the unit of a plan whose executable exists. */
async function analyzed(
  args: readonly string[],
  plan: Partial<ServicePlan> = {},
  change: (unit: string) => string = (unit) => unit,
): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    const file = join(folder, "storehook.service");
    const unit = systemdUnit({ ...LINUX_PLAN, executable: Deno.execPath(), ...plan });
    await Deno.writeTextFile(file, change(unit));
    const { stdout, stderr } = await new Deno.Command("systemd-analyze", {
      args: [...args, file],
      env: { SYSTEMD_COLORS: "0" },
      stdin: "null",
    }).output();
    return new TextDecoder().decode(new Uint8Array([...stdout, ...stderr]));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: `systemd-analyze verify finds nothing wrong${suffix}`,
  ignore,
  async fn() {
    const odd = { config: "/etc/a b/100%/c.json", folders: ['/srv/a "b" c'], port: 443 };
    assertEquals(await analyzed(["verify"]), "");
    assertEquals(await analyzed(["verify"], odd), "");
    const broken = await analyzed(["verify"], {}, (unit) => unit.replace("strict", "strictly"));
    assertStringIncludes(broken, "strictly");
  },
});

Deno.test({
  name: `systemd-analyze security calls the unit well protected${suffix}`,
  ignore,
  async fn() {
    const report = await analyzed(["security", "--offline=true", "--no-pager"]);
    const exposure = Number(/exposure level for storehook\.service: ([\d.]+)/.exec(report)?.[1]);
    assertGreater(exposure, 0);
    // From 0, nothing is open, to 10.
    assertLess(exposure, 1.5);
  },
});

Deno.test("parseEnvironmentFile() reads names and values, and skips the rest", () => {
  const text = [
    "# A=1",
    "; B=2",
    "",
    "KEY=it's=fine",
    "QUOTED=' a # b '",
    'DOUBLE="x"',
    "EMPTY=",
    "no value",
    "KEY=last\r",
    "1BAD=x",
  ].join("\n");
  assertEquals(Object.fromEntries(parseEnvironmentFile(text)), {
    KEY: "last",
    QUOTED: " a # b ",
    DOUBLE: "x",
    EMPTY: "",
  });
});

Deno.test("parseEnvironmentFile() gives back every value that was written in quotes", () => {
  const value = fc.string().filter((text) => !/["\r\n]/.test(text));
  const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,10}$/);
  fc.assert(fc.property(fc.dictionary(name, value), (variables) => {
    const lines = Object.entries(variables).map(([key, text]) => `${key}="${text}"`);
    const read = parseEnvironmentFile(lines.join("\n"));
    assertEquals([...read], Object.entries(variables));
  }));
});
