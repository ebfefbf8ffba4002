import { join } from "@std/path";
import { retryWhileBusy } from "../../../lib/util/files.ts";
import { formatPath } from "../../../lib/config/mistake.ts";
import { loadConfig, type Loaded, type NotLoaded } from "../../../lib/config/load.ts";
import type { EndpointKind } from "../../../lib/config/endpoints/endpoint_kind.ts";
import { fakeKind, plainKind } from "./fake_kind.ts";

/** What a test says of the world around the config. */
export interface World {
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: { readonly hostname?: string; readonly port?: number };
  /** Further files in the config's folder, by name. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** The kinds that endpoints may have; those of tests unless given. */
  readonly kinds?: readonly EndpointKind[];
}

/** Runs with a folder that is gone afterwards. */
export async function withFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "storehook-" });
  try {
    return await run(folder);
  } finally {
    await retryWhileBusy(() => Deno.remove(folder, { recursive: true }));
  }
}

/** Loads a config from a real file in a folder that is gone afterwards. */
export function load(
  config: string | Uint8Array<ArrayBuffer> | object,
  world: World = {},
): Promise<Loaded | NotLoaded> {
  return withFolder(async (folder) => {
    const file = join(folder, "config.json");
    await Deno.writeFile(file, bytesOf(config));
    const files = Object.entries(world.files ?? {});
    await Promise.all(files.map(([name, file]) =>
      Deno.writeFile(
        join(folder, name),
        typeof file === "string" ? new TextEncoder().encode(file) : file,
      )
    ));
    const env = world.env ?? {};
    return await loadConfig({
      file,
      kinds: world.kinds ?? [fakeKind, plainKind],
      env: (name) => env[name],
      environmentNames: Object.keys(env),
      flags: world.flags ?? {},
    });
  });
}

/** Loads a config that must be fine. */
export async function loadFine(config: string | object, world: World = {}): Promise<Loaded> {
  const loaded = await load(config, world);
  if ("mistakes" in loaded) throw new Error(JSON.stringify(loaded.mistakes));
  return loaded;
}

/** The mistakes of a config, each as `path: message (hint)`. */
export async function mistakesOf(
  config: string | Uint8Array<ArrayBuffer> | object,
  world: World = {},
): Promise<readonly string[]> {
  const loaded = await load(config, world);
  return "mistakes" in loaded ? loaded.mistakes.map(inOneLine) : [];
}

/** One mistake as `path: message (hint)`. */
export function inOneLine(
  { path, message, hint }: NotLoaded["mistakes"][number],
): string {
  return `${formatPath(path)}: ${message}${hint === undefined ? "" : ` (${hint})`}`;
}

function bytesOf(config: string | Uint8Array<ArrayBuffer> | object): Uint8Array<ArrayBuffer> {
  if (config instanceof Uint8Array) return new Uint8Array(config);
  return new TextEncoder().encode(typeof config === "string" ? config : JSON.stringify(config));
}
