import { openConnection } from "../../util/connection.ts";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { localUrl } from "../../util/addresses.ts";
import { findRunningServer } from "../serve/running_server.ts";
import type { Command } from "../terminal/command.ts";
import { parseOptions } from "../terminal/options.ts";
import { loadPlan } from "./load_plan.ts";
import { SERVICE_OPTIONS_HELP, whichService } from "./options.ts";

const help = `Usage: storehook service status [--config FILE] [--json]

Tells whether the definition of the service is in its place, and asks the server of this config
whether it is ready: the one that runs, also where its config names another port by now.

Options:
  --config FILE       the config; else as "check" finds it
  --json              as one line of JSON
${SERVICE_OPTIONS_HELP}

Exit codes: 0 it is ready, 1 it is not, 2 wrong usage or config
`;

const TIMEOUT_MS = 5000;

/**
 * Makes `storehook service status`.
 *
 * @param kinds The kinds that endpoints may have.
 * @returns The command.
 */
export function serviceStatusCommand(kinds: readonly EndpointKind[]): Command {
  return {
    name: "service status",
    summary: "whether the service is installed, and whether its server is ready",
    help,
    async run(args, terminal) {
      const options = parseOptions(args, {
        text: ["config", "executable", "for"],
        flags: ["json"],
      });
      const which = whichService(options);
      const loaded = await loadPlan(which, options, kinds, terminal);
      if (loaded === undefined) return 2;
      const { server, admin, journal } = loaded.config;
      // No certificate is for the address of this machine.
      const { hostname, port } = server.tls === undefined ? server : admin;
      const definition = which.supervisor.file(which.executable);
      const running = await findRunningServer(journal.path);
      // The one that runs listens where its config said when it started.
      const listening = server.tls === undefined ? running?.url : running?.adminUrl;
      const url = `${listening ?? localUrl(hostname, port)}/readyz`;
      const listensElsewhere = listening !== undefined && port !== 0 && !hasPort(listening, port);
      const status = {
        definition,
        installed: await exists(definition),
        url,
        ...(running === undefined ? {} : { running }),
        ...(listensElsewhere ? { restartNeeded: true } : {}),
        ...await ask(url),
      };
      terminal.out(
        options.flag("json") ? `${JSON.stringify(status)}\n` : [
          `definition   ${definition}${status.installed ? "" : " (missing)"}`,
          `server       ${url}`,
          ...(running === undefined ? [] : [
            `runs         since ${running.startedAt}, process ${running.pid}, on ${running.url}`,
          ]),
          ...(listensElsewhere
            ? [`restart      needed: by its config it would listen on port ${port}`]
            : []),
          `ready        ${status.ready ? "yes" : `no: ${status.reason}`}`,
          "",
        ].join("\n"),
      );
      return status.ready ? 0 : 1;
    },
  };
}

function hasPort(url: string, port: number): boolean {
  const { port: found, protocol } = new URL(url);
  return Number(found || (protocol === "https:" ? 443 : 80)) === port;
}

interface Readiness {
  readonly ready: boolean;
  /** Why it is not. */
  readonly reason?: string;
}

async function ask(url: string): Promise<Readiness> {
  try {
    const response = await openConnection({ url })
      .request({ signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = await response.text();
    return response.ok ? { ready: true } : { ready: false, reason: text };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ready: false, reason: `nothing answers (${reason})` };
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await Deno.stat(file);
    return true;
  } catch {
    return false;
  }
}
