import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { type Program, runProgram, type StartOptions } from "../program.ts";

/** How the program is run with a config. */
export interface Prepared {
  readonly options: StartOptions;
  /** Runs a command that must succeed, and gives what it prints. */
  run(...args: readonly string[]): Promise<string>;
}

/** Writes a config into a folder, in which the journal will stand too. */
export async function prepare(folder: string, config: object): Promise<Prepared> {
  const file = join(folder, "config.json");
  await Deno.writeTextFile(file, JSON.stringify(config));
  const env = { STOREHOOK_JOURNAL_PATH: join(folder, "journal.db") };
  const run = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await runProgram([...args, "--config", file], { env });
    assertEquals([code, stderr], [0, ""]);
    return stdout;
  };
  return { options: { config: file, env }, run };
}

/** Sends an event with this number to the endpoint "/events", which takes anybody's. */
export async function sendEvent({ url }: Program, number: number): Promise<void> {
  const response = await fetch(`${url}/events`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ type: "order.created", data: { number } }),
  });
  assertEquals([response.status, await response.text()], [204, ""]);
}
