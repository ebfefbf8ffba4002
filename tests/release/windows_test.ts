import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { unzipSync } from "fflate";
import { NtExecutable, NtExecutableResource, Resource } from "resedit";
import { handlers } from "../../handlers/mod.ts";
import { VERSION } from "../../lib/cli/version.ts";
import { withWindowsResources } from "../../release/windows_resources.ts";
import { packForWindows } from "../../release/windows_zip.ts";
import { load } from "../lib/config/load_text.ts";

const PROGRAM = crypto.getRandomValues(new Uint8Array(10_000));
const DATA_TYPE = 10;
const MANIFEST_TYPE = 24;

/** What the compiler makes: a runtime with an icon, and with the program as a resource. */
function executable(): Uint8Array<ArrayBuffer> {
  const made = NtExecutable.createEmpty(false, false);
  const resources = NtExecutableResource.from(made);
  const id = "D3N0L4ND";
  const [lang, codepage] = [0, 0];
  resources.entries.push({ type: DATA_TYPE, id, lang, codepage, bin: PROGRAM.buffer });
  resources.entries.push({ type: 3, id: 1, lang, codepage, bin: new ArrayBuffer(40) });
  resources.outputResource(made);
  return new Uint8Array(made.generate());
}

function resourcesOf(bytes: Uint8Array<ArrayBuffer>) {
  return NtExecutableResource.from(NtExecutable.from(bytes)).entries;
}

Deno.test("withWindowsResources() tells the version and whose program it is", () => {
  const entries = resourcesOf(withWindowsResources(executable(), "1.22.333"));
  const [told, ...more] = Resource.VersionInfo.fromEntries(entries);
  assertEquals(more, []);
  const { fileVersionMS, fileVersionLS, productVersionMS, productVersionLS } = told?.fixedInfo ??
    {};
  assertEquals([fileVersionMS, fileVersionLS], [(1 << 16) + 22, 333 << 16]);
  assertEquals([productVersionMS, productVersionLS], [(1 << 16) + 22, 333 << 16]);
  const { ProductName, FileVersion, ProductVersion, CompanyName, OriginalFilename } =
    told?.getStringValues({ lang: 1033, codepage: 1200 }) ?? {};
  assertEquals([ProductName, FileVersion, ProductVersion], ["Storehook", "1.22.333.0", "1.22.333"]);
  assertEquals([CompanyName, OriginalFilename], ["The Storehook authors", "storehook.exe"]);
});

Deno.test("withWindowsResources() writes a manifest for long paths, UTF-8 and no rights", () => {
  const entries = resourcesOf(withWindowsResources(executable(), "1.2.3"));
  const manifests = entries.filter(({ type }) => type === MANIFEST_TYPE);
  assertEquals(manifests.map(({ id }) => id), [1]);
  const text = new TextDecoder().decode(manifests[0]?.bin);
  assertMatch(text, /<longPathAware [^>]+>true</);
  assertMatch(text, /<activeCodePage [^>]+>UTF-8</);
  assertStringIncludes(text, 'level="asInvoker"');
  assertStringIncludes(text, "{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}");
  assertStringIncludes(text, 'version="1.2.3.0"');
});

Deno.test("withWindowsResources() leaves the program and the icon as they are", () => {
  const before = executable();
  const entries = resourcesOf(withWindowsResources(before, "1.2.3"));
  const program = entries.find(({ type }) => type === DATA_TYPE);
  assertEquals([program?.id, new Uint8Array(program?.bin ?? [])], ["D3N0L4ND", PROGRAM]);
  assertEquals(entries.filter(({ type }) => type === 3).length, 1);
});

Deno.test("withWindowsResources() gives the same bytes each time, and replaces its own", () => {
  const before = executable();
  const once = withWindowsResources(before, "1.2.3");
  assertEquals(withWindowsResources(before, "1.2.3"), once);
  const again = resourcesOf(withWindowsResources(once, "1.2.4"));
  assertEquals(again.length, resourcesOf(once).length);
  assertEquals(Resource.VersionInfo.fromEntries(again)[0]?.fixedInfo.fileVersionLS, 4 << 16);
});

const TIME = new Date("2026-07-14T10:20:30Z");

Deno.test("packForWindows() packs the program, a guide, the licence and a config to read", async () => {
  const files = unzipSync(await packForWindows(PROGRAM, TIME));
  assertEquals(Object.keys(files), [
    "storehook.exe",
    "README.txt",
    "LICENSE.txt",
    "config.sample.json",
  ]);
  assertEquals(files["storehook.exe"], PROGRAM);
  const text = (name: string) => new TextDecoder().decode(files[name]);
  for (const name of ["README.txt", "LICENSE.txt", "config.sample.json"]) {
    assertEquals(/[^\r]\n|[^\0-\x7f]/.exec(text(name)), null, name);
  }
  const guide = text("README.txt").split("\r\n");
  assertStringIncludes(guide[0] ?? "", `Storehook ${VERSION} for Windows`);
  assertEquals(guide[1], "=".repeat(guide[0]?.length ?? 0));
  assertEquals(guide.filter((line) => line.length > 80), []);
});

Deno.test("packForWindows() packs a config that is fine once its key is set, and not before", async () => {
  const files = unzipSync(await packForWindows(PROGRAM, TIME));
  const config = files["config.sample.json"]?.slice() ?? new Uint8Array();
  const unset = await load(config, { kinds: handlers });
  assertEquals("mistakes" in unset, true);
  const set = await load(config, { kinds: handlers, env: { USTORE_SIGNATURE_KEY: "a-long-key" } });
  assertEquals("mistakes" in set ? set.mistakes : [], []);
});

Deno.test("packForWindows() gives the same bytes each time, with the time of the commit", async () => {
  const archive = await packForWindows(PROGRAM, TIME);
  assertEquals(await packForWindows(PROGRAM, TIME), archive);
  assertEquals(await packElsewhere(), await packForWindows(new Uint8Array(9), TIME));
  const view = new DataView(archive.buffer);
  const [time, date] = [view.getUint16(10, true), view.getUint16(12, true)];
  assertEquals([time >> 11, (time >> 5) & 63, 2 * (time & 31)], [10, 20, 30]);
  assertEquals([1980 + (date >> 9), (date >> 5) & 15, date & 31], [2026, 7, 14]);
});

/** Packs the same on the other side of the world. */
async function packElsewhere(): Promise<Uint8Array<ArrayBuffer>> {
  const module = new URL("../../release/windows_zip.ts", import.meta.url).href;
  const code = `const { packForWindows } = await import(${JSON.stringify(module)});
    const archive = await packForWindows(new Uint8Array(9), new Date("${TIME.toISOString()}"));
    Deno.stdout.writeSync(archive);`;
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-lock", "--no-check", code],
    env: { TZ: "Pacific/Auckland" },
  }).output();
  assertEquals(success, true);
  return stdout;
}
