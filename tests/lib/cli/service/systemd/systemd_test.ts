import { assertEquals } from "@std/assert";
import { systemd } from "../../../../../lib/cli/service/systemd/systemd.ts";
import { findTool } from "../../../../e2e/tool.ts";
import { LINUX_PLAN } from "../sample_plan.ts";

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
