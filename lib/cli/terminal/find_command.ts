/** What has the name of a command. */
export interface Named {
  readonly name: string;
}

/** A command and the arguments that are left for it. */
export interface FoundCommand<Command extends Named> {
  readonly command: Command;
  readonly rest: readonly string[];
}

/**
 * Finds the command that the first words name: a name has one word or two.
 *
 * @param commands All commands.
 * @param args The arguments after the program's name.
 * @returns The command, `undefined` when there is none of that name.
 */
export function findCommand<Command extends Named>(
  commands: readonly Command[],
  args: readonly string[],
): FoundCommand<Command> | undefined {
  for (const length of [2, 1]) {
    const name = args.slice(0, length).join(" ");
    const command = commands.find((candidate) => candidate.name === name);
    if (command !== undefined) return { command, rest: args.slice(length) };
  }
  return undefined;
}

/**
 * Finds the commands whose names begin with a word: `deliveries` has `deliveries list` and others.
 *
 * @param commands All commands.
 * @param word The word.
 * @returns The commands, none when the word names no group.
 */
export function commandsOfGroup<Command extends Named>(
  commands: readonly Command[],
  word: string,
): readonly Command[] {
  return commands.filter((command) => command.name.startsWith(`${word} `));
}
