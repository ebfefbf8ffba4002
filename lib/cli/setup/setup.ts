import { bold, setColorEnabled } from "@std/fmt/colors";
import type { Handler } from "../../../handlers/handler.ts";
import { findConfig } from "../../config/locate.ts";
import { isObject, reportMistakes } from "../../config/mistake.ts";
import type { Loaded } from "../../config/load.ts";
import { readSource } from "../../config/source.ts";
import { describeReadFailure } from "../../util/files.ts";
import { writeSchema } from "../config/init.ts";
import { locateForLoading } from "../config/load.ts";
import { findRunningServer } from "../serve/start.ts";
import { serviceInstallEntry, serviceStartEntry } from "../table/service.ts";
import { programName, shellWord } from "../terminal/format.ts";
import type { RunCommand } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { VERSION } from "../version.ts";
import { loadDraft, type Original, readOriginal } from "./draft.ts";
import { askForEndpoints } from "./endpoint_answers.ts";
import {
  describePasting,
  NotWritten,
  runEntry,
  sendToServer,
  tryConfig,
  writeConfig,
} from "./finish.ts";
import {
  type Answered,
  askWhether,
  BrokenOff,
  findInterviewer,
  type Interview,
  type Interviewer,
} from "./interview.ts";
import { askForPort, askForPublicUrl } from "./server_answers.ts";

/**
 * Makes `storehook setup`.
 *
 * @param handlers The kinds that endpoints may have.
 * @returns The command.
 */
export function setupCommand(handlers: readonly Handler[]): RunCommand {
  return async (options, terminal) => {
    const interviewer = await findInterviewer(options.text("answers"), terminal);
    const found = await findConfig({ flag: options.text("config"), env: terminal.env });
    const loading = await locateForLoading({ config: found.file, kinds: handlers }, terminal);
    const original = await readOrComplain(found.file, terminal);
    if (original === undefined) return 2;
    setColorEnabled(terminal.colour);
    const isNew = original.bytes === undefined;
    interviewer.say(
      `${bold(`Storehook ${VERSION}`)}: ${
        isNew ? "a new config" : "the config"
      }\n  ${found.file}\n` +
        "Enter takes what stands in [brackets]. Nothing is written before the last\n" +
        "question, and Ctrl+C ends without a change.\n",
    );
    try {
      return await setUp({ interviewer, original, loading, handlers, terminal });
    } catch (error) {
      if (error instanceof NotWritten) terminal.err(`${error.message}\n`);
      else if (error instanceof BrokenOff) terminal.err("\nNothing was changed\n");
      else throw error;
      return 1;
    }
  };
}

/** A text that is no JSON cannot be changed in places. */
async function readOrComplain(file: string, terminal: Terminal): Promise<Original | undefined> {
  try {
    const original = await readOriginal(file);
    const { sound, mistakes, value } = readSource(original.text);
    if (sound && mistakes.length === 0 && isObject(value)) return original;
    const found = mistakes.length > 0 ? mistakes : [{ path: [], message: "wanted an object" }];
    terminal.err(reportMistakes(found, { file, colour: terminal.colour }));
  } catch (error) {
    const reason = error instanceof TypeError ? error.message : describeReadFailure(error);
    terminal.err(`Cannot read ${JSON.stringify(file)}: ${reason}\n`);
  }
  terminal.err("Nothing was changed\n");
  return undefined;
}

interface Setting extends Interview {
  readonly terminal: Terminal;
}

async function setUp(setting: Setting): Promise<number> {
  const { interviewer, original, loading, handlers, terminal } = setting;
  const { file } = loading;
  const { text, changes } = await askEverything(setting);
  const loaded = await loadDraft(text, loading);
  if ("mistakes" in loaded) {
    // Of none of the answers, since each was judged.
    terminal.err(reportMistakes(loaded.mistakes, { file, colour: terminal.colour }));
    terminal.err("Nothing was changed: mend this first, it is not asked for here\n");
    return 2;
  }
  const running = await findRunningServer(loaded.config.journal);
  const asService = running === undefined && await asksForService(interviewer);
  const isNew = original.bytes === undefined;
  const isChanged = isNew || changes.length > 0;
  const isTried = await askWhether(interviewer, {
    name: "try",
    text: asService
      ? "Play the store against the service afterwards? Its journal keeps that"
      : "Play the platforms against it afterwards? Nothing of it is kept",
    preset: "yes",
  });
  if (isChanged) {
    interviewer.say(["", bold("What is new:"), ...changes.map((line) => `  ${line}`)].join("\n"));
    const question = { name: "write", text: "Write it?", preset: "yes" } as const;
    if (!await askWhether(interviewer, question)) throw new BrokenOff("It is not wanted");
    interviewer.end();
    const kept = await writeConfig(original, text);
    terminal.out(`Wrote ${file}${kept === undefined ? "" : `; the version before is ${kept}`}\n`);
    if (isNew) await writeSchema(file, handlers, terminal);
  } else {
    interviewer.end();
    interviewer.say(`\nNothing is new: ${file} stays as it is`);
  }
  const runsWith = running === undefined ? undefined : describeRunning(running.url, loaded);
  return await goOn({ ...setting, text, loaded, asService, isTried, runsWith });
}

/** The config with what was answered, and all else as it was. */
async function askEverything(interview: Interview): Promise<Answered> {
  const asked = await askForPort({ text: interview.original.text, changes: [] }, interview);
  return await askForPublicUrl(await askForEndpoints(asked, interview), interview);
}

async function asksForService(interviewer: Interviewer): Promise<boolean> {
  if (Deno.build.os !== "windows") return false;
  return await askWhether(interviewer, {
    name: "service",
    text: "Run it as a service of Windows? That needs an administrator",
    preset: "yes",
  });
}

interface Further extends Setting {
  readonly text: string;
  readonly loaded: Loaded;
  readonly asService: boolean;
  readonly isTried: boolean;
  /** What becomes of a server that runs with the config already. */
  readonly runsWith: string | undefined;
}

function describeRunning(url: string, { config: { server } }: Loaded): string {
  const restarts = server.port === 0 || new URL(url).port === String(server.port)
    ? ""
    : `; on port ${server.port} it listens when it is started again`;
  return `The server that runs on ${url} takes the file over by itself${restarts}`;
}

/** What comes once the config is written: the service, the test, and what is left to do. */
async function goOn(further: Further): Promise<number> {
  const { loading: { file }, handlers, terminal, text, loaded, asService } = further;
  const option = ["--config", file];
  const isStarted = asService && await runEntry(serviceInstallEntry, option, terminal) === 0 &&
    await runEntry(serviceStartEntry, [], terminal) === 0;
  let isFine = isStarted === asService;
  // A server that ran before may not have taken over yet what is new.
  const started = isStarted ? await findRunningServer(loaded.config.journal) : undefined;
  if (further.isTried) {
    terminal.out("\n");
    const tried = started === undefined
      ? await tryConfig(text, further.loading, handlers, terminal)
      : await sendToServer(loaded, file, started.url, handlers, terminal);
    isFine &&= tried;
  }
  const named = `--config ${shellWord(file)}`;
  const service = Deno.build.os === "linux" && Deno.build.standalone
    ? [`  sudo ${programName()} service install ${named} | sudo sh`]
    : [];
  terminal.out([
    "",
    ...(further.runsWith === undefined ? [] : [further.runsWith, ""]),
    ...(further.runsWith === undefined && started === undefined
      ? [bold("Start it:"), `  ${programName()} serve ${named}`, ...service, ""]
      : []),
    bold("Enter each URL with its key where it is called from:"),
    ...describePasting(loaded, text),
    "",
    `Rules and all else are written into ${file}: storehook help rules`,
    "",
  ].join("\n"));
  return isFine ? 0 : 1;
}
