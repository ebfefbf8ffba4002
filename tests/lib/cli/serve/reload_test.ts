import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import {
  createConfigStatus,
  createReload,
  findKept,
  type KeptConfig,
} from "../../../../lib/cli/serve/reload.ts";
import { configSchema } from "../../../../lib/config/schema.ts";
import type { Running } from "../../../../lib/cli/serve/running.ts";
import { loadConfig } from "../../../../lib/config/load.ts";
import { fakeKind } from "../../config/fake_kind.ts";
import { withFolder } from "../../config/load_text.ts";
import { ROOT } from "../../../e2e/program.ts";

const sections = configSchema.parse({});
const started: KeptConfig = {
  server: { ...sections.server, publicUrl: "http://localhost:8080", tls: undefined },
  admin: sections.admin,
  journal: { ...sections.journal, url: "postgres://host/name", caFile: "ca.pem" },
};

/** Another value for a setting. */
function other(setting: string, value: unknown): unknown {
  if (setting === "tls") return { certificate: "/another.crt", key: "/another.key" };
  if (typeof value === "number") return value + 1;
  if (typeof value === "string") return `${value}x`;
  if (typeof value === "boolean") return !value;
  if (Array.isArray(value)) return [...value, "another.example"];
  return typeof value === "boolean" ? !value : "postgres://another.example";
}

/** Every setting of these sections that the schema knows, changed one at a time. */
function changes(): readonly (readonly [setting: string, wanted: KeptConfig])[] {
  const { server, admin, journal } = configSchema.shape;
  return Object.entries({ server, admin, journal }).flatMap(([section, schema]) => {
    const settings = new Map(
      Object.entries(Object.entries(started).find(([name]) => name === section)?.[1] ?? {}),
    );
    return Object.keys(schema.unwrap().shape).map((setting) => {
      const changed = {
        ...Object.fromEntries(settings),
        [setting]: other(setting, settings.get(setting)),
      };
      return [`${section}.${setting}`, { ...started, [section]: changed }] as const;
    });
  });
}

/** What docs/reload.md says of when settings change; one without a section has that before it. */
async function documented(): Promise<ReadonlyMap<string, string>> {
  const text = await Deno.readTextFile(join(ROOT, "docs/reload.md"));
  return new Map(
    Array.from(text.matchAll(/^\| (.+?) +\| (.+?) +\|$/gm)).flatMap(
      ([, settings = "", when = ""]) => {
        let section = "";
        return Array.from(settings.matchAll(/`(?:(\w+)\.)?(\w+)`/g), ([, named, setting]) => {
          section = named ?? section;
          return [`${section}.${setting}`, when] as const;
        });
      },
    ),
  );
}

Deno.test("findKept() finds nothing where nothing differs", () => {
  assertEquals(findKept(started, started), []);
});

Deno.test("findKept() finds the journal that stays open", () => {
  const wanted = { ...started, journal: { ...started.journal, path: "/other/journal.db" } };
  assertEquals(findKept(started, wanted), [
    { setting: "journal.path", kept: "data/journal.db", wanted: "/other/journal.db" },
  ]);
});

Deno.test("findKept() finds of each setting what docs/reload.md says of it", async () => {
  const when = await documented();
  for (const [setting, wanted] of changes()) {
    const kept = findKept(started, wanted).map((one) => one.setting);
    const isKept = when.get(setting)?.startsWith("after a restart");
    assertEquals([setting, isKept === undefined], [setting, false]);
    assertEquals([setting, kept], [setting, isKept === true ? [setting] : []]);
  }
});

/** Reloads a config that was written once and is written anew. */
async function reloadOf(first: object, second: object | string, reasons: string[] = []) {
  return await withFolder(async (folder) => {
    const file = join(folder, "config.json");
    await Deno.writeTextFile(file, JSON.stringify(first));
    const load = { file, kinds: [fakeKind], env: () => undefined, flags: {} };
    const loaded = await loadConfig(load);
    if ("mistakes" in loaded) throw new Error("The first config has mistakes");
    const served: string[][] = [];
    const told: boolean[] = [];
    const status = createConfigStatus(() => new Date(0));
    const running: Pick<Running, "swap"> = {
      swap: ({ endpoints }) => void served.push(endpoints.map(({ path }) => path)),
    };
    const reload = createReload({
      ...{ load, running, status },
      started: loaded.config,
      untouchable: [],
      onReload(isServed, why) {
        told.push(isServed);
        reasons.push(why);
      },
    });
    await Deno.writeTextFile(file, typeof second === "string" ? second : JSON.stringify(second));
    await reload();
    return { served, told, status: status.describe()?.message };
  });
}

/** The log writes what it is told a moment later, by a timer that outlives a test. */
function testReload(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, sanitizeOps: false, sanitizeResources: false, fn });
}

const ENDPOINT = { path: "/a", kind: "fake.kind", signatureKeys: ["a-long-key"] };

testReload("a reload serves a changed config, and says that it is served", async () => {
  const second = { endpoints: [ENDPOINT, { ...ENDPOINT, path: "/b" }] };
  assertEquals(await reloadOf({ endpoints: [ENDPOINT] }, second), {
    served: [["/a", "/b"]],
    told: [true],
    status: undefined,
  });
});

testReload("a reload serves the config before when the new one has mistakes", async () => {
  assertEquals(await reloadOf({ endpoints: [ENDPOINT] }, '{ "endpoints": [ { ] }'), {
    served: [],
    told: [false],
    status: "The changed file has 1 mistake; the config before is served",
  });
});

testReload("a reload serves what it can, and tells what needs a restart", async () => {
  const server = { hostname: "127.0.0.1", port: 18_081 };
  const reloaded = await reloadOf({ endpoints: [ENDPOINT] }, { server, endpoints: [ENDPOINT] });
  assertEquals(reloaded, { served: [["/a"]], told: [true], status: "server.port needs a restart" });
});

testReload(
  "a reload says why a config is not served: every mistake, its braces as they are",
  async () => {
    const reasons: string[] = [];
    await reloadOf({ endpoints: [ENDPOINT] }, { "${A}": 1, server: { port: "x" } }, reasons);
    await reloadOf({ endpoints: [ENDPOINT] }, { endpoints: [ENDPOINT] }, reasons);
    const [why = "", served] = reasons;
    assertEquals([why.split("\n").length, served], [2, ""]);
    assertStringIncludes(why, 'server.port: found "x", wanted a whole number');
    assertStringIncludes(why, '"${A}"');
  },
);
