import * as z from "zod";
import { type BuildFacts, VERSION } from "../lib/cli/version.ts";

/**
 * Runs an executable of this machine and compares what it says of itself with what was compiled.
 *
 * @param file The executable.
 * @param facts What it was built of.
 * @throws {Error} When it does not run, or says something else.
 */
export async function proveExecutable(file: string, facts: BuildFacts): Promise<void> {
  const command = new Deno.Command(file, { args: ["version", "--json"], stderr: "null" });
  const { success, stdout } = await command.output();
  if (!success) throw new Error(`"${file}" does not run`);
  const wanted = z.object({
    version: z.literal(VERSION),
    commit: z.literal(facts.commit),
    deno: z.literal(Deno.version.deno),
    target: z.literal(Deno.build.target),
    permissions: z.object({ run: z.literal("denied"), ffi: z.literal("denied") }),
  });
  const said = wanted.safeParse(JSON.parse(new TextDecoder().decode(stdout)));
  if (!said.success) throw new Error(`"${file}" is another build: ${said.error.message}`);
}
