/** `setup`, answered by a test, and a config that somebody wrote before. */
import * as z from "zod";
import { handlers } from "../../../../handlers/mod.ts";
import { setupCommand } from "../../../../lib/cli/setup/setup.ts";
import { setupEntry } from "../../../../lib/cli/table/server.ts";
import { readSource } from "../../../../lib/config/source.ts";
import { freePort } from "../../../free_port.ts";
import { fakeTerminal } from "../fake_terminal.ts";
import { runnable } from "../run_command.ts";

/** `setup` itself. */
export const command = runnable(setupEntry, setupCommand(handlers));
/** Whether there are no modes of files, but services of Windows. */
export const isWindows = Deno.build.os === "windows";
/** On Windows there is one more question: not as a service. */
export const service = isWindows ? ["n"] : [];

/** Answers the questions of `setup`; then the input ends. */
export async function setUp(file: string, answers: readonly string[]) {
  const terminal = fakeTerminal({ answers });
  const code = await command.run(["--config", file], terminal);
  return { code, out: terminal.output(), err: terminal.errors() };
}

const configShape = z.object({
  server: z.record(z.string(), z.unknown()).optional(),
  endpoints: z.array(z.record(z.string(), z.unknown())),
});

/** Reads what the tests look at of a config. */
export async function readConfig(file: string) {
  return configShape.parse(readSource(await Deno.readTextFile(file)).value);
}

/** The names in a folder, in order. */
export function namesIn(folder: string): readonly string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).toSorted();
}

/** The port that is answered, and that of the config before. */
export const [PORT, OLD_PORT] = [String(freePort()), String(freePort())];

/** A config as a person writes it. */
export const WRITTEN = `// Ours, since 2019
{
\t"server": { "port": ${OLD_PORT}, "hostname": "127.0.0.1", }, // behind the proxy

\t"endpoints": [
\t\t// The first store
\t\t{
\t\t\t"path": "/approve", "kind": "ustore.order-approval",
\t\t\t"signatureKeys": ["\${OUR_KEY:-a-key-of-ours}"], // rotated in May
\t\t\t"rules": [ { "name": "a", "when": "true", "then": { "group": 7 } } ],
\t\t},
\t\t{
\t\t\t"path": "/make", "kind": "ustore.manufacturer", "signatureKeys": ["another-key"],
\t\t\t"otherwise": { "keep": true },
\t\t},
\t],
}
`;
