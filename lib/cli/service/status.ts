/** `storehook service status`: whether it is installed, whether it runs, and whether it is ready. */
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { Config } from "../../config/schema.ts";
import { localUrl } from "../../util/addresses.ts";
import { openConnection } from "../../util/connection.ts";
import { fileExists } from "../../util/files.ts";
import { messageOf } from "../../util/words.ts";
import {
  readProcessStart,
  readServiceSetUp,
  readServiceStatus,
} from "../../windows/service_state.ts";
import { WINDOWS_SERVICE_NAME } from "../../windows/service_manager.ts";
import { loadOrComplain } from "../config/load.ts";
import { findRunningServer } from "../serve/start.ts";
import type { Options, RunCommand } from "../terminal/table.ts";
import { formatTimestamp } from "../../util/timestamp.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { loadPlan, whichService } from "./load.ts";
import { concernsWindowsService, configOfCommandLine, orComplain } from "./windows_words.ts";

const TIMEOUT_MS = 5000;

/**
 * Makes `storehook service status`.
 *
 * @param kinds The kinds that endpoints may have.
 * @returns The command.
 */
export function serviceStatusCommand(kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
    if (concernsWindowsService(options)) return await statusOnWindows(options, kinds, terminal);
    const which = whichService(options);
    const loaded = await loadPlan(which, options, kinds, terminal);
    if (loaded === undefined) return 2;
    const definition = which.supervisor.file(which.executable);
    const server = await askServer(loaded.config);
    const status = { definition, installed: await fileExists(definition), ...server.record };
    const lines = [
      `definition   ${definition}${status.installed ? "" : " (missing)"}`,
      ...server.lines,
    ];
    tell(status, lines, options, terminal);
    return server.record.ready ? 0 : 1;
  };
}

function tell(
  record: object,
  lines: readonly string[],
  options: Options,
  terminal: Terminal,
): void {
  terminal.out(options.flag("json") ? `${JSON.stringify(record)}\n` : `${lines.join("\n")}\n`);
}

/** What a server says of itself, for machines and for people. */
interface ServerStatus {
  readonly record: { readonly url: string } & Readiness;
  readonly lines: readonly string[];
}

/** Asks the server of a config: the one that runs, also where its config names another port by now. */
async function askServer({ server, admin, journal }: Config): Promise<ServerStatus> {
  // No certificate is for the address of this machine.
  const { hostname, port } = server.tls === undefined ? server : admin;
  const running = await findRunningServer(journal);
  // The one that runs listens where its config said when it started.
  const listening = server.tls === undefined ? running?.url : running?.adminUrl;
  const url = `${listening ?? localUrl(hostname, port)}/readyz`;
  const listensElsewhere = listening !== undefined && port !== 0 && !hasPort(listening, port);
  const readiness = await ask(url);
  return {
    record: {
      url,
      ...(running === undefined ? {} : { running }),
      ...(listensElsewhere ? { restartNeeded: true } : {}),
      ...readiness,
    },
    lines: [
      `server       ${url}`,
      ...(running === undefined ? [] : [
        `runs         since ${running.startedAt}, process ${running.pid}, on ${running.url}`,
      ]),
      ...(listensElsewhere
        ? [`restart      needed: by its config it would listen on port ${port}`]
        : []),
      `ready        ${readiness.ready ? "yes" : `no: ${readiness.reason}`}`,
    ],
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
    const reason = messageOf(error);
    return { ready: false, reason: `nothing answers (${reason})` };
  }
}

/** What Windows knows, and what the server says: each is told, also where the other cannot be. */
async function statusOnWindows(
  options: Options,
  kinds: readonly EndpointKind[],
  terminal: Terminal,
): Promise<number> {
  const name = options.text("name") ?? WINDOWS_SERVICE_NAME;
  return await orComplain(
    async () => {
      const { record, lines } = describeService(name);
      const config = options.text("config") ?? configOfCommandLine(record.commandLine);
      const loaded = await loadOrComplain({ config, kinds }, terminal);
      const server = loaded === undefined ? undefined : await askServer(loaded.config);
      const status = { ...record, config, ...(server?.record ?? { ready: false }) };
      const ready = server?.lines ??
        ["ready        no: its config has mistakes, or cannot be read here"];
      tell(status, [...lines, ...ready], options, terminal);
      return status.ready ? 0 : 1;
    },
    { wanted: "ask for", name },
    terminal,
  );
}

/** What Windows gives as the exit code of a service that has had no process yet. */
const NEVER_STARTED = 1077;

function describeService(name: string) {
  const { state, pid, exitCode, accepts } = readServiceStatus(name);
  const { start, account, commandLine, restartDelaysMs, preshutdownMs } = readServiceSetUp(name);
  const wasStarted = exitCode !== NEVER_STARTED;
  const since = pid === 0 ? undefined : readProcessStart(pid);
  const record = {
    supervisor: "windows",
    name,
    installed: true,
    state,
    ...(pid === 0 ? wasStarted ? { exitCode } : {} : { pid }),
    ...(since === undefined ? {} : { since: since.toISOString() }),
    account,
    start,
    commandLine,
    accepts,
    restartDelaysMs,
    preshutdownMs,
  };
  const running = [
    pid === 0
      ? wasStarted ? `, exit code ${exitCode}` : ", never started since Windows was"
      : `, process ${pid}`,
    since === undefined ? "" : `, since ${formatTimestamp(since.getTime())}`,
  ].join("");
  const lines = [
    `service      ${name}: ${state}${running}`,
    `starts       ${start}`,
    `account      ${account}`,
    `command      ${commandLine}`,
  ];
  return { record, lines };
}
