// A script of ours, made of the table, in place of @bomb.sh/tab: that one's starts the program at
// each Tab with the words that stand there, which it gives to `eval` as they were typed.
import { nearest } from "../../util/words.ts";
import { UsageError } from "../terminal/terminal.ts";
import type { CommandSpec, OptionSpec, RunCommand } from "../terminal/table.ts";
import {
  bashScript,
  type CompletedCommand,
  type CompletedOption,
  fishScript,
  powershellScript,
  zshScript,
} from "./shells.ts";

/** Writes the script of a shell. */
type WriteScript = (commands: readonly CompletedCommand[]) => string;

const SCRIPTS: ReadonlyMap<string, WriteScript> = new Map([
  ["bash", bashScript],
  ["zsh", zshScript],
  ["fish", fishScript],
  ["powershell", powershellScript],
]);

/**
 * Makes `storehook completions`.
 *
 * @param commands All commands.
 */
export function completionsCommand(commands: readonly CommandSpec[]): RunCommand {
  return async (options, terminal) => {
    const write = needScript(options.words[0] ?? "");
    terminal.out(write([...await Promise.all(commands.map(completed)), completedHelp(commands)]));
    return 0;
  };
}

function needScript(shell: string): WriteScript {
  const script = SCRIPTS.get(shell);
  if (script !== undefined) return script;
  const near = nearest(shell, SCRIPTS.keys());
  const hint = near === undefined
    ? `wanted one of ${[...SCRIPTS.keys()].join(", ")}`
    : `did you mean "${near}"?`;
  throw new UsageError(`Unknown shell "${shell}", ${hint}`);
}

async function completed(
  { name, summary, options, words = [] }: CommandSpec,
): Promise<CompletedCommand> {
  const [first] = words;
  const values = await first?.values?.() ?? [];
  return {
    name,
    summary,
    options: [...options.map(completedOption), {
      name: "--help",
      help: "what it does",
      takes: "nothing",
    }],
    words: values.map(([word]) => word),
    takesFile: first?.isFile === true,
  };
}

function completedOption(option: OptionSpec): CompletedOption {
  return {
    name: `--${option.name}`,
    help: option.help,
    takes: option.kind === "flag"
      ? "nothing"
      : option.kind === "one-of"
      ? option.choices
      : option.kind === "text" && option.isFile
      ? "file"
      : "text",
  };
}

/** `help` is no command of its own: it shows those of others, and pages. */
function completedHelp(commands: readonly CommandSpec[]): CompletedCommand {
  const firsts = commands.map(({ name }) => name.split(" ", 1)[0] ?? "");
  return {
    name: "help",
    summary: "what the documentation says on a topic",
    options: [],
    words: [...new Set(firsts)],
    takesFile: false,
  };
}
