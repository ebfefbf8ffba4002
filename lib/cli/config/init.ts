import * as z from "zod";
import type { Handler } from "../../../handlers/handler.ts";
import { configJsonSchema } from "../../config/json_schema.ts";
import { readSource } from "../../config/source.ts";
import { dirname, join, resolve } from "@std/path";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { placeNewConfig } from "../../config/locate.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { programName, shellWord, withLineEnds } from "../terminal/format.ts";
import type { RunCommand } from "../terminal/table.ts";
import { messageOf } from "../../util/words.ts";

/**
 * Writes the text of a first config.
 *
 * @param newKey Makes a fresh random key at each call: letters, digits, `-` and `_`.
 */
export type SampleConfig = (newKey: () => string) => string;

/**
 * Makes `storehook init`.
 *
 * @param sample Writes the text of the config.
 * @param kinds The kinds that endpoints may have.
 * @returns The command.
 */
export function initCommand(sample: SampleConfig, kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
    const { file, isNamed } = placeNewConfig({ flag: options.text("config"), env: terminal.env });
    if (!isNamed) await Deno.mkdir(dirname(file), { recursive: true });
    const failure = await writeNew(file, sample(newKey), OWNER_ONLY);
    if (failure !== undefined) {
      terminal.err(`${failure}\n`);
      return 1;
    }
    const schema = await writeSchema(file, kinds, terminal);
    terminal.out(
      options.flag("json")
        ? `${JSON.stringify({ config: file, schema: schema ?? null })}\n`
        : nextSteps(file),
    );
    return 0;
  };
}

/** The file holds keys: on systems that know modes, only its owner reads it. */
const OWNER_ONLY = 0o600;

const KEY_BYTES = 32;

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Says what failed, `undefined` when nothing did. */
async function writeNew(file: string, text: string, mode: number): Promise<string | undefined> {
  try {
    await Deno.writeTextFile(file, withLineEnds(text), { createNew: true, mode });
    return undefined;
  } catch (error) {
    const name = JSON.stringify(file);
    if (error instanceof Deno.errors.AlreadyExists) {
      return `Cannot write ${name}: it exists already, and is left as it is`;
    }
    if (error instanceof Deno.errors.NotFound) return `Cannot write ${name}: its folder is missing`;
    return `Cannot write ${name}: ${messageOf(error)}`;
  }
}

/**
 * Writes the schema of a config beside it. Editors alone need it: a failure is told and nothing more.
 *
 * @param config The config.
 * @param kinds The kinds that endpoints may have.
 * @param terminal Where a failure is told.
 * @returns The file, `undefined` when it is not written.
 */
export async function writeSchema(
  config: string,
  kinds: readonly EndpointKind[],
  terminal: Pick<Terminal, "err">,
): Promise<string | undefined> {
  const file = join(dirname(config), "config.schema.json");
  const failure = await writeNew(file, schemaText(kinds), 0o644);
  if (failure === undefined) return file;
  terminal.err(`${failure}\nTo renew it: ${programName()} schema > ${shellWord(file)}\n`);
  return undefined;
}

function nextSteps(file: string): string {
  const option = file === resolve("config.json") ? "" : ` --config ${shellWord(file)}`;
  return `Wrote ${file}

It holds fresh random keys. Keep it secret.

Next:
  1. Open it and adapt the endpoints to your store
  2. ${programName()} check${option}
  3. ${programName()} serve${option}
  4. Paste the URL and the key of each endpoint into the store
`;
}

/**
 * Makes `storehook schema`.
 *
 * @param kinds The kinds that endpoints may have.
 * @returns The command.
 */
export function schemaCommand(kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
    if (options.flag("tests")) {
      const { ruleTestJsonSchema } = await import("../../trials/rule_tests/schema.ts");
      terminal.out(`${JSON.stringify(ruleTestJsonSchema(), null, 2)}\n`);
    } else terminal.out(schemaText(kinds));
    return 0;
  };
}

/**
 * Writes the JSON Schema of the config as the text of a file.
 *
 * @param kinds The kinds that endpoints may have.
 * @returns The text, with a line break at its end.
 */
function schemaText(kinds: readonly EndpointKind[]): string {
  return `${JSON.stringify(configJsonSchema(kinds), null, 2)}\n`;
}

/** A config with an endpoint of every kind. */
interface DemoConfig {
  readonly text: string;
  /** The keys by kind. */
  readonly keys: ReadonlyMap<string, string>;
}

const sampleShape = z.looseObject({ endpoints: z.array(z.looseObject({ kind: z.string() })) });

/**
 * Makes the config of the demo: the sample, and an endpoint of each kind that it lacks.
 *
 * @param handlers The kinds.
 * @param sample Writes the sample.
 * @returns The config, with fresh keys.
 */
export function demoConfig(handlers: readonly Handler[], sample: SampleConfig): DemoConfig {
  // The endpoints of the sample are those of one store.
  const storeKey = crypto.randomUUID();
  const config = sampleShape.parse(readSource(sample(() => storeKey)).value);
  const keys = new Map<string, string>(config.endpoints.map(({ kind }) => [kind, storeKey]));
  const added = handlers.filter(({ kind }) => !keys.has(kind)).map(({ kind, sample }) => {
    const key = sample.sender.newKey();
    keys.set(kind, key);
    return { path: `/${kind.replace(".", "/")}`, kind, ...sample.sender.settings(key) };
  });
  const endpoints = [...config.endpoints, ...added];
  return { text: JSON.stringify({ ...config, endpoints }), keys };
}
