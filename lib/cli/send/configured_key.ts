import * as z from "zod";
import type { Handler } from "../../../handlers/handler.ts";
import type { ConfiguredEndpoint } from "../../config/schema.ts";
import { loadConfig } from "../../config/load.ts";
import { locateForLoading } from "../config/load.ts";
import type { Options } from "../terminal/table.ts";
import { type Terminal, UsageError } from "../terminal/terminal.ts";

/** What the config says of an endpoint's caller. */
interface ConfiguredKey {
  /** As the platform's own setting has it: a key, a secret, or `user:password`. */
  readonly key: string;
  /** The address, with the path token where the endpoint has one and the address does not. */
  readonly url: string;
  /** Whether the endpoint asks nobody who they are. */
  readonly isAnybody: boolean;
}

const text = z.string().min(1);
const settingsSchema = z.object({
  signatureKeys: z.array(text).optional(),
  pathToken: text.optional(),
  auth: z.union([
    z.object({ secrets: z.array(text).min(1) }),
    z.object({ username: z.string(), password: text }),
    z.object({ type: z.literal("none") }),
  ]).optional(),
});

/** Sent where nobody is asked: what is sent for must be of the right form. */
const NOBODY = "nobody:nothing";

/**
 * Takes the key of what is to be sent from the config: that of the endpoint at the address, else of
 * the only endpoint of the kind.
 *
 * @param handler What is played.
 * @param url Where it is sent.
 * @param options The command's arguments, of which `--config` counts.
 * @param terminal Where the environment is.
 * @param kinds The kinds that endpoints may have.
 * @returns The first of the endpoint's keys, which is the newest.
 * @throws {UsageError} When the config can't be loaded, or has no such endpoint or key.
 */
export async function configuredKey(
  handler: Handler,
  url: string,
  options: Options,
  terminal: Terminal,
  kinds: readonly Handler[],
): Promise<ConfiguredKey> {
  const which = { config: options.text("config"), kinds };
  const loading = await locateForLoading(which, terminal);
  const loaded = await loadConfig(loading);
  const otherwise = "give --key K, --key-env NAME or another --config FILE";
  if ("mistakes" in loaded) {
    throw new UsageError(
      `The key is missing, and the config ${loading.file} can't be used: ` +
        `${loaded.mistakes[0]?.message ?? "it has mistakes"}; ${otherwise}`,
    );
  }
  const endpoint = endpointAt(loaded.config.endpoints, handler.kind, new URL(url).pathname);
  if (endpoint === undefined) {
    throw new UsageError(
      `The key is missing, and ${loading.file} has no endpoint of the kind "${handler.kind}" ` +
        `at that path; ${otherwise}`,
    );
  }
  const caller = callerOf(endpoint, url);
  if (caller === undefined) {
    throw new UsageError(`The key is missing, and ${endpoint.path} has none; ${otherwise}`);
  }
  return caller;
}

/**
 * Reads from an endpoint who may call it.
 *
 * @param endpoint The endpoint, opened.
 * @param url Its address.
 * @returns Its newest key; `undefined` where it has none.
 */
export function callerOf(
  { path, settings }: Pick<ConfiguredEndpoint, "path" | "settings">,
  url: string,
): ConfiguredKey | undefined {
  const { data } = settingsSchema.safeParse(settings);
  const key = data === undefined ? undefined : keyOf(data);
  if (key === undefined) return undefined;
  return { key, url: withToken(url, path, data?.pathToken), isAnybody: key === NOBODY };
}

function keyOf({ signatureKeys, auth }: z.output<typeof settingsSchema>): string | undefined {
  if (auth === undefined) return signatureKeys?.[0];
  if ("secrets" in auth) return auth.secrets[0];
  return "password" in auth ? `${auth.username}:${auth.password}` : NOBODY;
}

/** The one with the longest path, as the server chooses; a proxy may have put something before it. */
function endpointAt(
  endpoints: readonly ConfiguredEndpoint[],
  kind: string,
  pathname: string,
): ConfiguredEndpoint | undefined {
  const ofKind = endpoints.filter((one) => one.kind === kind)
    .toSorted((a, b) => b.path.length - a.path.length);
  const at = (isThere: (path: string) => boolean) => ofKind.find(({ path }) => isThere(path));
  return at((path) => pathname === path || pathname.startsWith(`${path}/`)) ??
    at((path) => `${pathname}/`.includes(`${path}/`)) ??
    (ofKind.length === 1 ? ofKind[0] : undefined);
}

function withToken(url: string, path: string, token: string | undefined): string {
  const address = new URL(url);
  if (token === undefined || !address.pathname.replace(/\/$/, "").endsWith(path)) return url;
  address.pathname = `${address.pathname.replace(/\/$/, "")}/${token}`;
  return address.href;
}
