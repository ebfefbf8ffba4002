import { fileExists } from "../../util/files.ts";
import { openConnection } from "../../util/connection.ts";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { localUrl } from "../../util/addresses.ts";
import { findRunningServer } from "../serve/running_server.ts";
import { loadPlan } from "./load_plan.ts";
import { whichService } from "./options.ts";
import type { RunCommand } from "../terminal/table.ts";

const TIMEOUT_MS = 5000;

/**
 * Makes `storehook service status`.
 *
 * @param kinds The kinds that endpoints may have.
 * @returns The command.
 */
export function serviceStatusCommand(kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
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
      installed: await fileExists(definition),
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
