import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { foldersOfService } from "../../../../lib/cli/service/windows_folders.ts";
import { serviceCommandLine } from "../../../../lib/cli/service/windows_plan.ts";
import {
  configOfCommandLine,
  fullAccountName,
  hasPassword,
} from "../../../../lib/cli/service/windows_words.ts";
import { configSchema } from "../../../../lib/config/schema.ts";
import { planService } from "../../../../lib/cli/service/supervisor.ts";
import { UsageError } from "../../../../lib/cli/terminal/terminal.ts";
import { becomeService } from "../../../../lib/windows/service_process.ts";
import { LibrariesForbidden, openWindows } from "../../../../lib/windows/libraries.ts";
import { WINDOWS_PLAN } from "./sample_plan.ts";

Deno.test("foldersOfService() closes what holds keys or is run, where that is its own", () => {
  const of = (plan: Partial<typeof WINDOWS_PLAN>, isExecutable = true) =>
    foldersOfService({ ...WINDOWS_PLAN, ...plan }, isExecutable)
      .map(({ path, right, isClosed }) => `${path} ${right}${isClosed ? " closed" : ""}`);
  assertEquals(of({}), [
    "C:\\Storehook read closed",
    "C:\\Storehook\\data change",
    "D:\\Hot & cold change",
  ]);
  // A journal beside the config is written there, whatever capitals the config has.
  assertEquals(of({ journal: "c:\\storehook\\journal.db" })[0], "C:\\Storehook change closed");
  const elsewhere = { executable: "C:\\Program Files\\Storehook\\storehook.exe" };
  assertEquals(of(elsewhere).slice(0, 2), [
    "C:\\Program Files\\Storehook read",
    "C:\\Storehook read closed",
  ]);
  // From the sources nothing is closed, nor the runtime touched.
  assertEquals(of({}, false)[0], "C:\\Storehook read");
  assertEquals(of({ config: "C:\\Users\\ann\\config.json" }, false)[0], "C:\\Users\\ann read");
});

Deno.test("foldersOfService() refuses folders that would be closed to others", () => {
  const refused = [
    { config: "D:\\config.json" },
    { executable: "C:\\storehook.exe" },
    { executable: "C:\\Users\\ann\\Downloads\\storehook.exe" },
    { config: "c:\\users\\config.json" },
  ];
  for (const plan of refused) {
    assertThrows(
      () => foldersOfService({ ...WINDOWS_PLAN, ...plan }, true),
      UsageError,
      "such as C:\\Storehook, or give --keep-rights",
    );
  }
});

Deno.test("serviceCommandLine() quotes what has blanks, and its config is found again", () => {
  const config = "C:\\Büro & Lager (alt)\\config.json";
  const line = serviceCommandLine(["C:\\S H\\storehook.exe"], { name: "Storehook 2", config });
  assertEquals(
    line,
    `"C:\\S H\\storehook.exe" service run --name "Storehook 2" --config "${config}"`,
  );
  assertEquals(configOfCommandLine(line), config);
  assertThrows(() => serviceCommandLine(['a".exe'], { name: "A", config }), UsageError, "a quote");
  assertEquals(configOfCommandLine("storehook.exe serve"), undefined);
});

Deno.test("hasPassword() asks for one where people or a domain have it", () => {
  const asked = ["ann", "SHOP\\ann", "ann@shop.example"].map(fullAccountName);
  const own = ["LocalSystem", "LocalService", "NT SERVICE\\Storehook", "SHOP\\storehook$"];
  assertEquals(asked.map(hasPassword), [true, true, true]);
  assertEquals(own.map(fullAccountName).map(hasPassword), [false, false, false, false]);
});

Deno.test({
  name: "nothing of Windows is called elsewhere",
  ignore: Deno.build.os === "windows",
  async fn() {
    assertThrows(openWindows, LibrariesForbidden, "this is no Windows");
    await assertRejects(() => becomeService("Storehook"), LibrariesForbidden);
  },
});

Deno.test("planService() knows what a service writes, also where its journal is on another machine", () => {
  const plan = (config: object) => {
    const { journal, folders } = planService(
      { executable: "/x/storehook", config: "/x/config.json" },
      configSchema.parse({ endpoints: [], ...config }),
    );
    return [journal, ...folders];
  };
  const hot = { destinations: { hot: { type: "folder", path: "/hot" } } };
  assertEquals(plan({ journal: { path: "/x/j.db" }, log: { file: "/y/log" }, ...hot }), [
    ...["/x/j.db", "/y", "/hot"],
  ]);
  const url = "postgres://db.example/storehook";
  assertEquals(plan({ journal: { url, spool: "/z/spool.db" } }), ["/z/spool.db"]);
});
