/** `storehook service run`: what Windows starts. */
import { WINDOWS_SERVICE_NAME } from "../../windows/service_manager.ts";
import type { Handler } from "../../../handlers/handler.ts";
import { flushLog, setLogFallback, withoutSecrets } from "../../observe/log.ts";
import { messageOf } from "../../util/words.ts";
import { type EventLog, openEventLog, SERVICE_EVENTS } from "../../windows/event_log.ts";
import { LibrariesForbidden } from "../../windows/libraries.ts";
import { becomeService, NotAService, type ServiceProcess } from "../../windows/service_process.ts";
import { locateForLoading } from "../config/load.ts";
import { serveInTerminal, serveUntilStopped } from "../serve/serve.ts";
import type { Started } from "../serve/start.ts";
import type { Options, RunCommand } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { serviceLogFile } from "./windows_plan.ts";
import { VERSION } from "../version.ts";

type TellEvent = (event: keyof typeof SERVICE_EVENTS, text: string) => void;

/**
 * Makes `storehook service run`. Elsewhere than on Windows it is `storehook serve`.
 *
 * @param handlers The webhooks that a config can configure.
 * @returns The command.
 */
export function serviceRunCommand(handlers: readonly Handler[]): RunCommand {
  return async (options, terminal) => {
    const file = options.text("config");
    if (Deno.build.os === "windows") return await runOnWindows(handlers, options, terminal);
    const load = await locateForLoading({ config: file, kinds: handlers }, terminal);
    return await serveInTerminal(load, terminal, { file, handlers });
  };
}

async function runOnWindows(
  handlers: readonly Handler[],
  options: Options,
  terminal: Terminal,
): Promise<number> {
  const name = options.text("name") ?? WINDOWS_SERVICE_NAME;
  let service: ServiceProcess;
  let log: EventLog;
  try {
    service = await becomeService(name);
    log = openEventLog(name);
  } catch (error) {
    if (!(error instanceof NotAService || error instanceof LibrariesForbidden)) throw error;
    const hint = "this is what Windows starts; run: storehook service start";
    terminal.err(`${error.message}: ${hint}, or here: storehook serve\n`);
    return 1;
  }
  // From here on nothing of Windows is opened any more, and nothing else can be.
  Deno.permissions.revokeSync({ name: "ffi" });
  const tell: TellEvent = (event, text) =>
    void log.write({ ...SERVICE_EVENTS[event], text: withoutSecrets(text) });
  try {
    return await serveAsService(handlers, options, { name, service, tell, env: terminal.env });
  } catch (error) {
    tell("failed", `Cannot go on: ${messageOf(error)}`);
    throw error;
  }
}

/** What a service has in the place of a terminal. */
interface ServiceWays {
  readonly name: string;
  readonly service: ServiceProcess;
  readonly tell: TellEvent;
  readonly env: Terminal["env"];
}

async function serveAsService(
  handlers: readonly Handler[],
  options: Options,
  { name, service, tell, env }: ServiceWays,
): Promise<number> {
  const told: string[] = [];
  const terminal = unseenTerminal(env, told);
  const which = { config: options.text("config"), kinds: handlers };
  const load = await locateForLoading(which, terminal);
  const { file } = load;
  setLogFallback(serviceLogFile({ name, config: file }));
  let asked = "";
  service.stopAsked.then((control) => asked = control);
  const code = await serveUntilStopped(load, terminal, {
    stopAsked: service.stopAsked,
    onStarted(started) {
      service.running();
      const warnings = told.join("");
      tell(
        warnings === "" ? "started" : "startedWithWarnings",
        [describeStart(started, file), warnings].filter((text) => text !== "").join("\n\n"),
      );
    },
    overseer: {
      configRejected: (mistakes) =>
        tell(
          "configRejected",
          `The changed config is not served, but the one before:\n${mistakes}`,
        ),
      configTaken: () => tell("configTaken", `The changed config is served: ${file}`),
      failed: (reason) => tell("failed", `Cannot go on: ${reason}`),
    },
  });
  flushLog();
  if (code === 0) {
    tell("stopped", `Stopped on ${asked}. Requests that were in were answered first.`);
  }
  if (code === 1) tell("notStarted", `Cannot start:\n${told.join("")}`);
  if (code === 2) {
    tell("configRefused", `The config has mistakes, so it is not served:\n${told.join("")}`);
  }
  // Windows starts again what ends without a word; a config with mistakes would be found again.
  if (code !== 1) service.stopped(code);
  return code;
}

function describeStart({ loaded, running }: Started, file: string): string {
  const { endpoints } = loaded;
  return [
    `Storehook ${VERSION} listens on ${running.url}, process ${Deno.pid}.`,
    `Config: ${file}`,
    `Health and metrics: ${running.adminUrl}`,
    `Endpoints: ${endpoints.map(({ path }) => path).join(", ") || "none"}`,
  ].join("\n");
}

/** Nobody sees the output of a service; what it says of mistakes is kept for the event log. */
function unseenTerminal(env: Terminal["env"], told: string[]): Terminal {
  return {
    out() {},
    outBytes() {},
    err: (text) => void told.push(text),
    stdin: () => Promise.resolve(new Uint8Array(0)),
    env,
    colour: false,
    showsProgress: false,
  };
}
