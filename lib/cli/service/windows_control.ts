/** `storehook service start` and `stop` on Windows: they do it, and wait until it is done. */
import {
  requestStart,
  requestStop,
  SERVICE_ERRORS,
  WINDOWS_SERVICE_NAME,
} from "../../windows/service_manager.ts";
import { WindowsError } from "../../windows/libraries.ts";
import {
  isProcessGone,
  readServiceSetUp,
  readServiceStatus,
  type ServiceStatus,
} from "../../windows/service_state.ts";
import type { Options } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { commandLineWord, configOfCommandLine, orComplain } from "./windows_words.ts";

const LOOK_EVERY_MS = 100;
/** Without a sign of life it is not waited longer; a journal of an older version takes a while. */
const SILENCE_MS = 30_000;

/** After so long Windows knows that a process has ended; what stands in for it never does. */
const DEATH_MS = 1000;

/** Waits until a service stands where it should, for as long as it moves. */
async function waitWhile(
  name: string,
  isMoving: (status: ServiceStatus) => boolean,
): Promise<ServiceStatus> {
  let status = readServiceStatus(name);
  let seenAt = performance.now();
  while (isMoving(status)) {
    const silentMs = performance.now() - seenAt;
    if (silentMs > SILENCE_MS || (silentMs > DEATH_MS && isProcessGone(status.pid))) break;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const next = readServiceStatus(name);
    if (next.state !== status.state || next.checkpoint !== status.checkpoint) {
      seenAt = performance.now();
    }
    status = next;
  }
  return status;
}

/**
 * Stops a service and waits until it has stopped; one that has stopped already is fine.
 *
 * @param name Its name.
 * @returns How it stands then.
 * @throws {WindowsError} When it cannot be asked.
 */
export async function stopAndWait(name: string): Promise<ServiceStatus> {
  // While it starts it takes no wishes.
  await waitWhile(name, ({ state }) => state === "starting");
  try {
    requestStop(name);
  } catch (error) {
    const isStopped = error instanceof WindowsError && error.code === SERVICE_ERRORS.notRunning;
    if (!isStopped && readServiceStatus(name).state !== "stopping") throw error;
  }
  return await waitWhile(name, ({ state }) => state !== "stopped");
}

/**
 * Starts a service of Windows.
 *
 * @param options The options of the command.
 * @param terminal Where it is told.
 * @returns The exit code.
 */
export async function startOnWindows(options: Options, terminal: Terminal): Promise<number> {
  const name = options.text("name") ?? WINDOWS_SERVICE_NAME;
  return await orComplain(
    async () => {
      try {
        requestStart(name);
      } catch (error) {
        if (!(error instanceof WindowsError) || error.code !== SERVICE_ERRORS.alreadyRuns) {
          throw error;
        }
      }
      const status = await waitWhile(name, ({ state }) => state === "starting");
      if (status.state !== "running") {
        terminal.err(`${whyNotRunning(name, status)}\n`);
        return 1;
      }
      const { state, pid } = status;
      const words = `The service "${name}" runs, process ${pid}\n`;
      const record = { supervisor: "windows", name, state, pid };
      terminal.out(options.flag("json") ? `${JSON.stringify(record)}\n` : words);
      return 0;
    },
    { wanted: "start", name },
    terminal,
  );
}

/**
 * Stops a service of Windows.
 *
 * @param options The options of the command.
 * @param terminal Where it is told.
 * @returns The exit code.
 */
export async function stopOnWindows(options: Options, terminal: Terminal): Promise<number> {
  const name = options.text("name") ?? WINDOWS_SERVICE_NAME;
  return await orComplain(
    async () => {
      const { state, pid } = await stopAndWait(name);
      if (state !== "stopped") {
        terminal.err(`The service "${name}" is still ${state}, process ${pid}\n`);
        return 1;
      }
      const record = { supervisor: "windows", name, state };
      terminal.out(
        options.flag("json")
          ? `${JSON.stringify(record)}\n`
          : `The service "${name}" has stopped\n`,
      );
      return 0;
    },
    { wanted: "stop", name },
    terminal,
  );
}

/** The exit code of the program where its config has mistakes. */
const CONFIG_MISTAKES = 2;

/**
 * Says why a service that was started does not run.
 *
 * @param name Its name.
 * @param status How it stands.
 * @returns The words, with what to do.
 */
function whyNotRunning(name: string, { state, pid, exitCode }: ServiceStatus): string {
  const isGone = state !== "stopped" && isProcessGone(pid);
  const seen = `see the event log, under Application, source ${name}`;
  if (state !== "stopped" && !isGone) return `The service "${name}" is still ${state}; ${seen}`;
  const config = configOfCommandLine(readServiceSetUp(name).commandLine);
  const option = config === undefined ? "" : ` --config ${commandLineWord(config)}`;
  return exitCode === CONFIG_MISTAKES
    ? `The service "${name}" has stopped: its config has mistakes; ${seen}, or run: ` +
      `storehook check${option}`
    : `The service "${name}" has ended by itself${
      isGone ? "" : `, exit code ${exitCode}`
    }; ${seen}. Windows starts it again`;
}
