import { assertEquals, assertStringIncludes } from "@std/assert";
import { findPathWarnings } from "../../../lib/config/windows_paths.ts";
import { windowsPathTrouble } from "../../../lib/util/windows_names.ts";

Deno.test("windowsPathTrouble() lets paths be that mean what they say", () => {
  const fine = [
    "data/journal.db",
    "data\\journal.db",
    ".\\data\\journal.db",
    "..\\journal.db",
    "C:\\Storehook\\journal.db",
    "c:/Storehook/journal.db",
    "\\\\server\\share\\hot folder",
    "//server/share/hot",
    "\\\\?\\C:\\aux",
    "D:\\Aufträge\\.versteckt\\a.b.json",
    "console.log",
    "com10\\auxiliary.txt",
  ];
  assertEquals(fine.filter((path) => windowsPathTrouble(path) !== undefined), []);
});

Deno.test("windowsPathTrouble() tells what Windows makes of the others", () => {
  const told: readonly (readonly [path: string, message: string])[] = [
    ["C:data\\journal.db", "the current folder of the drive C:"],
    ["CON", '"CON" is the name of a device'],
    ["data/aux.txt", '"aux.txt" is the name of a device'],
    ["data\\nul.tar.gz", '"nul.tar.gz" is the name of a device'],
    ["lpt1 .log\\log", '"lpt1 .log" is the name of a device'],
    ["hot.\\", 'at the end of "hot."'],
    ["\\\\server\\share\\hot \\in", 'at the end of "hot "'],
    ["data/a:b", 'with ":" in its name'],
    ["what?.log", 'with "?" in its name'],
  ];
  for (const [path, message] of told) {
    assertStringIncludes(windowsPathTrouble(path)?.message ?? "", message, path);
  }
});

Deno.test("findPathWarnings() looks at every path of a config, on Windows alone", () => {
  const value = {
    server: { tls: { certificate: "C:tls.crt", key: "aux.key" } },
    journal: { path: "C:journal.db", spool: "C:spool.db", caFile: "con" },
    tables: { plants: { file: "plants.csv." } },
    log: { file: "logs./log" },
    services: { pricing: { url: "https://example.com", caFile: "con" } },
    destinations: { hot: { type: "folder", path: "E:hot" }, erp: { caFile: "prn.pem" } },
  };
  assertEquals(findPathWarnings({ value }, "windows").map(({ path }) => path.join(".")), [
    "server.tls.certificate",
    "server.tls.key",
    "journal.path",
    "journal.spool",
    "journal.caFile",
    "log.file",
    "tables.plants.file",
    "services.pricing.caFile",
    "destinations.erp.caFile",
    "destinations.hot.path",
  ]);
  assertEquals(findPathWarnings({ value: { journal: { path: "C:j" } } }, "windows"), [{
    path: ["journal", "path"],
    message: 'found "C:j", which starts at whatever is the current folder of the drive C:',
    hint: 'Write "C:\\\\j", or a path without a drive, which starts at the folder of the config',
  }]);
  assertEquals(findPathWarnings({ value }, "linux"), []);
  assertEquals(findPathWarnings({ value: 5 }, "windows"), []);
});
