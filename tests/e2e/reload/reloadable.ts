/** A server whose config file a test changes. */
import { join } from "@std/path";
import { type Program, startProgram } from "../program.ts";

/** Such a server. */
export interface Reloadable extends AsyncDisposable {
  readonly program: Program;
  /** The folder in which nothing but the config stands. */
  readonly folder: string;
  readonly file: string;
  /** Writes the config file, in place. */
  save(config: object | string): Promise<void>;
  /** Puts another file in the place of the config. */
  replace(config: object | string): Promise<void>;
  /** Waits until so many changed configs were served since the start. */
  served(count: number): Promise<void>;
  /** How many configs were loaded since the start, served or not. */
  loads(): number;
  /** What is told of the config at `GET /readyz`. */
  readiness(): Promise<{ readonly status: number; readonly config: unknown }>;
}

/** One endpoint that approves, but for what is given. */
export function approving(settings: object = {}): object {
  return {
    path: "/approve",
    kind: "ustore.order-approval",
    signatureKeys: ["the-key"],
    otherwise: { group: 1 },
    ...settings,
  };
}

/**
 * Starts a server with a config file of its own.
 *
 * @param config What stands in it.
 * @param env The environment of the server.
 */
export async function startReloadable(
  config: object,
  env: Readonly<Record<string, string>> = {},
): Promise<Reloadable> {
  const folder = await Deno.makeTempDir();
  const file = join(folder, "config.json");
  const textOf = (what: object | string) => typeof what === "string" ? what : JSON.stringify(what);
  await Deno.writeTextFile(file, textOf(config));
  const program = await startProgram({ config: file, env });
  return {
    program,
    folder,
    file,
    save: (next) => Deno.writeTextFile(file, textOf(next)),
    async replace(next) {
      await Deno.writeTextFile(join(folder, "config.json.new"), textOf(next));
      await Deno.rename(join(folder, "config.json.new"), file);
    },
    served: (count) => program.logged(new RegExp(`(?:again: it is served[^]*){${count}}`)),
    loads: () => program.stderr().match(/"Loaded /g)?.length ?? 0,
    async readiness() {
      const response = await fetch(`${program.url}/readyz`);
      return { status: response.status, config: (await response.json()).details.config };
    },
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}
