import { assertEquals, assertThrows } from "@std/assert";
import { winsw, winswXml } from "../../../../lib/cli/service/winsw.ts";
import { UsageError } from "../../../../lib/cli/terminal/terminal.ts";
import { findTool } from "../../../e2e/tool.ts";
import { WINDOWS_PLAN } from "./sample_plan.ts";

const xmllint = findTool("xmllint", "--version");
const suffix = xmllint.missing === undefined ? "" : " (skipped: this machine has no xmllint)";

const SHARED = { ...WINDOWS_PLAN, folders: ["\\\\files\\hot"] };

Deno.test({
  name: `winswXml() is well-formed and says what WinSW reads${suffix}`,
  ignore: xmllint.missing !== undefined,
  async fn() {
    const plan = { ...WINDOWS_PLAN, config: "C:\\Store & <hook>\\Ümlaut\\config.json" };
    const xml = new TextEncoder().encode(winswXml(plan));
    const read = async (path: string) => {
      const text = await xmllint.run(["--xpath", `string(/service/${path})`, "-"], xml);
      return new TextDecoder().decode(text).trimEnd();
    };
    const wanted = {
      id: "storehook",
      executable: "C:\\Storehook\\storehook.exe",
      arguments: 'serve --config "C:\\Store & <hook>\\Ümlaut\\config.json"',
      workingdirectory: "C:\\Store & <hook>\\Ümlaut",
      startmode: "Automatic",
      delayedAutoStart: "true",
      stoptimeout: "20 sec",
      "onfailure[1]/@action": "restart",
      "onfailure[1]/@delay": "10 sec",
      "onfailure[3]/@delay": "10 min",
      logpath: "C:\\Store & <hook>\\Ümlaut\\logs",
      "log/@mode": "roll-by-size",
      "serviceaccount/domain": "NT AUTHORITY",
      "serviceaccount/user": "LocalService",
      "serviceaccount/username": "NT AUTHORITY\\LocalService",
    };
    const found = await Promise.all(
      Object.keys(wanted).map(async (path) => [path, await read(path)] as const),
    );
    assertEquals(Object.fromEntries(found), wanted);
  },
});

Deno.test("winswXml() takes the account of the machine where a folder is on another", () => {
  const [, user] = /<user>(\w+)<\/user>/.exec(winswXml(SHARED)) ?? [];
  assertEquals(user, "NetworkService");
});

Deno.test("winswXml() refuses paths that WinSW or a drive would suffer from", () => {
  const message = (plan: typeof WINDOWS_PLAN) =>
    assertThrows(() => winswXml(plan), UsageError).message;
  assertEquals(
    message({ ...WINDOWS_PLAN, config: "C:\\100%\\config.json" }),
    'Cannot write "C:\\\\100%\\\\config.json" for WinSW: it holds %, which WinSW replaces',
  );
  assertEquals(
    message({ ...WINDOWS_PLAN, executable: "C:\\storehook.exe" }),
    'Cannot make a service of "C:\\\\storehook.exe": wanted a file in a folder of its own',
  );
});

Deno.test("winsw.install() closes its folder, opens what it writes, then starts", () => {
  const all = '"*S-1-5-18:(OI)(CI)F" "*S-1-5-32-544:(OI)(CI)F" "*S-1-5-19:(OI)(CI)RX"';
  assertEquals(winsw.install(WINDOWS_PLAN).filter((line) => !line.startsWith("rem ")), [
    `icacls "C:\\Storehook" /inheritance:r /grant:r ${all}`,
    'if not exist "C:\\Storehook\\data" mkdir "C:\\Storehook\\data"',
    'icacls "C:\\Storehook\\data" /grant "*S-1-5-19:(OI)(CI)M"',
    'if not exist "C:\\Storehook\\logs" mkdir "C:\\Storehook\\logs"',
    'icacls "C:\\Storehook\\logs" /grant "*S-1-5-19:(OI)(CI)M"',
    'if not exist "D:\\Hot & cold" mkdir "D:\\Hot & cold"',
    'icacls "D:\\Hot & cold" /grant "*S-1-5-19:(OI)(CI)M"',
    '"C:\\Storehook\\storehook-service.exe" install',
    '"C:\\Storehook\\storehook-service.exe" start',
  ]);
});

Deno.test("winsw keeps its files beside the executable, under one name", () => {
  const { executable } = WINDOWS_PLAN;
  assertEquals(winsw.file(executable), "C:\\Storehook\\storehook-service.xml");
  assertEquals(winsw.wrapper?.(executable), "C:\\Storehook\\storehook-service.exe");
  assertEquals(winsw.steps.stop(executable), ['"C:\\Storehook\\storehook-service.exe" stop']);
});
