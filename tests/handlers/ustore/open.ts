import { assertInstanceOf } from "@std/assert";
import { join } from "@std/path";
import { handlers } from "../../../handlers/mod.ts";
import { loadConfig, type Loaded, type NotLoaded } from "../../../lib/config/load.ts";
import { formatPath } from "../../../lib/config/mistake.ts";
import type { Endpoint, Incoming } from "../../../lib/http/endpoint.ts";
import { Problem } from "../../../lib/http/problem/problem.ts";
import { ShapeError } from "../../../lib/rules/cel/evaluation.ts";
import type { Decision } from "../../../lib/rules/decision.ts";
import { memoryJournal } from "../../lib/journal/memory/memory.ts";

/** The key of every endpoint that says nothing else. */
export const KEY = "a key for tests";

/** Loads a config with one endpoint from a real file, which is gone afterwards. */
async function load(
  kind: string,
  settings: object,
  services: object,
): Promise<Loaded | NotLoaded> {
  const folder = await Deno.makeTempDir({ prefix: "storehook-" });
  try {
    const file = join(folder, "config.json");
    const endpoint = { path: "/hook", kind, signatureKeys: [KEY], ...settings };
    const server = { publicUrl: "https://hooks.example" };
    await Deno.writeTextFile(file, JSON.stringify({ server, services, endpoints: [endpoint] }));
    return await loadConfig({ file, kinds: handlers, env: () => undefined });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Opens an endpoint whose settings must be fine. */
export async function open(
  kind: string,
  settings: object = {},
  services: object = {},
): Promise<Endpoint> {
  const loaded = await load(kind, settings, services);
  const endpoint = "mistakes" in loaded ? undefined : loaded.endpoints[0];
  if (endpoint === undefined) throw new Error(JSON.stringify(loaded));
  return endpoint;
}

/** The mistakes of an endpoint's settings, each as `path: message (hint)`. */
export async function mistakesOf(
  kind: string,
  settings: object,
  services: object = {},
): Promise<readonly string[]> {
  const loaded = await load(kind, settings, services);
  if (!("mistakes" in loaded)) return [];
  return loaded.mistakes.map(({ path, message, hint }) =>
    `${formatPath(path)}: ${message}${hint === undefined ? "" : ` (${hint})`}`
  );
}

/** What keeps the exports of all endpoints of a test file. */
const journal = memoryJournal();

const encoder = new TextEncoder();

/** Documents of tests may be too deep to be written. */
function textOf(document: unknown): string {
  try {
    return JSON.stringify(document) ?? "null";
  } catch {
    return "null";
  }
}

/** A delivery of a document, as the pipeline hands it to an endpoint. */
export function incoming(endpoint: Endpoint, document: unknown): Incoming {
  // Only services and the event that follows from an export see the bytes.
  const body = encoder.encode(textOf(document));
  return {
    document,
    requestId: "test",
    body,
    headers: new Headers(),
    url: () => new URL(endpoint.path, "http://localhost"),
    exportOf: (listKey, externalId) => journal.exportOf(endpoint.path, listKey, externalId),
    ask: (service, question) => service.ask({ body, requestId: "test", language: null }, question),
  };
}

/** An answer in plain data: the JSON text of a 200, or what the problem says. */
export interface PlainAnswer {
  readonly result: string | {
    readonly code: string;
    readonly params: object;
    readonly messages?: unknown;
  };
  readonly decisions: readonly Decision[];
}

/** Asks an endpoint. */
export async function ask(endpoint: Endpoint, document: unknown): Promise<PlainAnswer> {
  const { result, decisions } = await endpoint.answer(incoming(endpoint, document));
  if (!(result instanceof Problem)) return { result: result ?? "", decisions };
  const { code, params, messages } = result;
  return { result: { code, params, ...(messages !== undefined && { messages }) }, decisions };
}

/** Opens an endpoint and asks it for its result alone. */
export async function resultOf(
  kind: string,
  settings: object,
  document: unknown,
): Promise<PlainAnswer["result"]> {
  return (await ask(await open(kind, settings), document)).result;
}

/** The shape error for which there is no answer, as `path: found, wanted`. */
export async function shapeErrorOf(
  kind: string,
  settings: object,
  document: unknown,
): Promise<string> {
  const endpoint = await open(kind, settings);
  return await misshapenBy(() => endpoint.answer(incoming(endpoint, document)));
}

/** The shape error that a function throws, as `path: found, wanted`. */
export async function misshapenBy(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    assertInstanceOf(error, ShapeError);
    return `${error.path}: ${error.found}, ${error.wanted}`;
  }
  throw new Error("Nothing was thrown");
}
