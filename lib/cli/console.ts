/** `storehook console`: how people come into the console, and what of it the config keeps. */
import type { EndpointKind } from "../config/endpoints/endpoint_kind.ts";
import { digestOfSecret, hashPassword, newSecret } from "../console/session/credentials.ts";
import { LINK_MS, offerLink } from "../console/session/sessions.ts";
import { ROLES } from "../journal/console.ts";
import { changeJournal, findJournal } from "./records/open_journal.ts";
import { findRunningServer } from "./serve/start.ts";
import { programName } from "./terminal/format.ts";
import type { RunCommand } from "./terminal/table.ts";
import { type Terminal, UsageError } from "./terminal/terminal.ts";

/**
 * Makes `storehook console`: prints a link that signs in. It is written into the journal beside the
 * server, so whoever may change the journal may look at what is in it.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function consoleCommand(kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
    const text = options.text("role") ?? "admin";
    const role = ROLES.find((name) => name === text);
    if (role === undefined) throw new UsageError(`There is no role "${text}"`);
    const section = await findJournal({ config: options.text("config"), kinds }, terminal);
    if (section === undefined) return 2;
    const server = await findRunningServer(section);
    if (server === undefined) {
      terminal.err(
        `No server runs with ${
          section.url === undefined
            ? `the journal "${section.path}"`
            : `the spool "${section.spool}"`
        }: start it with ${programName()} serve\n`,
      );
      return 1;
    }
    return await changeJournal(section, terminal, async ({ console }) => {
      const url = (server.consoleUrl ?? server.adminUrl).replace(/\/+$/, "");
      const link = await offerLink(console, url, role, Date.now());
      if (options.flag("json")) {
        const validUntil = new Date(Date.now() + LINK_MS).toISOString();
        terminal.out(`${JSON.stringify({ link, role, validUntil })}\n`);
      } else {
        terminal.out(`${link}\n`);
        terminal.err(`It signs in as ${role}, once, within a minute\n`);
      }
      return 0;
    });
  };
}

/** `storehook console password`: reads a password and prints what the config keeps of it. */
export const consolePasswordCommand: RunCommand = async (options, terminal) => {
  const password = await readPassword(terminal);
  if (password.length < SHORTEST_PASSWORD) {
    terminal.err(`That password is too short: use ${SHORTEST_PASSWORD} characters or more\n`);
    return 1;
  }
  const hash = await hashPassword(password);
  terminal.out(options.flag("json") ? `${JSON.stringify({ hash })}\n` : `${hash}\n`);
  return 0;
};

const SHORTEST_PASSWORD = 8;

/** Asked for twice where nobody sees what is typed; else the first line of what is piped in. */
async function readPassword(terminal: Terminal): Promise<string> {
  const { ask } = terminal;
  if (ask === undefined) {
    const text = new TextDecoder().decode(await terminal.stdin());
    return text.split(/\r?\n/, 1)[0] ?? "";
  }
  const password = await ask("Password: ", true);
  if (password === undefined) throw new UsageError("No password was typed");
  if (await ask("The same again: ", true) === password) return password;
  throw new UsageError("The two passwords differ");
}

/** `storehook console token`: makes a token for a script, and what the config keeps of it. */
// deno-lint-ignore require-await -- a command gives a promise
export const consoleTokenCommand: RunCommand = async (options, terminal) => {
  const token = newSecret();
  const hash = `sha256$${digestOfSecret(token)}`;
  if (options.flag("json")) terminal.out(`${JSON.stringify({ token, hash })}\n`);
  else {
    terminal.out(
      `Token, for the script; it is shown this once:\n  ${token}\n` +
        `Hash, for console.tokens in the config:\n  ${hash}\n`,
    );
  }
  return 0;
};
