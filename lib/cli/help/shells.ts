/** What a shell completes behind the name of a command. */
export interface CompletedCommand {
  /** One word or two. */
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  /** What its first word may be. */
  readonly words: readonly string[];
  /** Whether its first word is a file. */
  readonly takesFile: boolean;
}

/** An option that a shell completes. */
export interface CompletedOption {
  /** With the dashes. */
  readonly name: string;
  readonly help: string;
  /** What follows it. */
  readonly takes: "nothing" | "text" | "file" | readonly string[];
}

/** A group of commands: the first word of their names, with the second ones. */
function groupsOf(commands: readonly CompletedCommand[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>();
  for (const { name } of commands) {
    const [first = "", second] = name.split(" ");
    groups.set(first, [...groups.get(first) ?? [], ...(second === undefined ? [] : [second])]);
  }
  return groups;
}

/** The longest summary that leaves room for names. */
const LONGEST_HELP = 60;

/** Help in one short line, without what a shell would take for something else. */
function shortHelp(text: string): string {
  const plain = text.replaceAll("'", "’").replaceAll(": ", " – ").replaceAll(/["`\\$[\]:]/g, "");
  return plain.length <= LONGEST_HELP ? plain : `${plain.slice(0, LONGEST_HELP - 1).trimEnd()}…`;
}

function namesOf(options: readonly CompletedOption[]): string {
  return options.map(({ name }) => name).join(" ");
}

/**
 * Writes the completions of bash. Files are completed by bash itself.
 *
 * @param commands What is completed.
 * @returns The script.
 */
export function bashScript(commands: readonly CompletedCommand[]): string {
  const groups = groupsOf(commands);
  const groupCases = [...groups].filter(([, seconds]) => seconds.length > 0)
    .map(([first, seconds]) => `      ${first}) words='${seconds.join(" ")}' ;;`);
  const cases = commands.map(({ name, options, words, takesFile }) => {
    const values = options.flatMap(({ name, takes }) =>
      takes === "nothing" ? [] : [
        `        ${name}) ${
          takes === "file"
            ? "_storehook_files; return"
            : takes === "text"
            ? "return"
            : `words='${takes.join(" ")}'; options=''`
        } ;;`,
      ]
    );
    return [
      `    '${name}')`,
      `      options='${namesOf(options)}'`,
      `      words='${words.join(" ")}'`,
      ...(takesFile ? ["      files=yes"] : []),
      ...(values.length === 0 ? [] : ['      case "$before" in', ...values, "      esac"]),
      "      ;;",
    ].join("\n");
  });
  return `# Completions of storehook for bash:  source <(storehook completions bash)
_storehook_files() {
  local IFS=$'\\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen -f -- "$current"))
}

_storehook() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  local command=\${COMP_WORDS[1]:-} options='' words='' files=''
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '${[...groups.keys()].join(" ")} --help --version' -- "$current"))
    return
  fi
  if ((COMP_CWORD == 2)); then
    case "$command" in
${groupCases.join("\n")}
    esac
    if [[ -n $words && $current != -* ]]; then
      COMPREPLY=($(compgen -W "$words" -- "$current"))
      return
    fi
  fi
  case "$command" in
    ${[...groups].filter(([, seconds]) => seconds.length > 0).map(([first]) => first).join("|")})
      command="$command \${COMP_WORDS[2]:-}" ;;
  esac
  case "$command" in
${cases.join("\n")}
  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif [[ -n $words ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  elif [[ -n $files ]]; then
    _storehook_files
  else
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  fi
}

complete -F _storehook storehook
`;
}

/**
 * Writes the completions of zsh.
 *
 * @param commands What is completed.
 * @returns The script.
 */
export function zshScript(commands: readonly CompletedCommand[]): string {
  const groups = groupsOf(commands);
  const summaries = new Map(commands.map(({ name, summary }) => [name, shortHelp(summary)]));
  const firsts = [...groups].map(([first, seconds]) =>
    `'${first}:${summaries.get(first) ?? seconds.join(", ")}'`
  );
  const groupCases = [...groups].filter(([, seconds]) => seconds.length > 0)
    .map(([first, seconds]) => {
      const rows = seconds.map((one) => `'${one}:${summaries.get(`${first} ${one}`) ?? ""}'`);
      return `      ${first}) words2=(${rows.join(" ")}) ;;`;
    });
  const cases = commands.map(({ name, options, words, takesFile }) => {
    const specs = options.map((option) => `'${zshOption(option)}'`);
    const word = words.length > 0
      ? [`'1: :(${words.join(" ")})'`]
      : takesFile
      ? ["'1:file:_files'"]
      : [];
    return `    '${name}') _arguments ${[...specs, ...word].join(" ")} ;;`;
  });
  return `#compdef storehook
# Completions of storehook for zsh:  source <(storehook completions zsh)
_storehook() {
  local command=\${words[2]:-} depth=2
  local -a words2
  if ((CURRENT == 2)); then
    local -a commands=(${firsts.join(" ")})
    _describe 'command' commands
    return
  fi
  case $command in
${groupCases.join("\n")}
  esac
  if ((\${#words2})); then
    if ((CURRENT == 3)) && [[ \${words[3]} != -* ]]; then
      _describe 'command' words2
      return
    fi
    command="$command \${words[3]:-}"
    depth=3
  fi
  words=(storehook \${words[$((depth + 1)),-1]})
  ((CURRENT -= depth - 1))
  case $command in
${cases.join("\n")}
  esac
}

compdef _storehook storehook
`;
}

function zshOption({ name, help, takes }: CompletedOption): string {
  const head = `${name}[${shortHelp(help)}]`;
  if (takes === "nothing") return head;
  if (takes === "file") return `${head}:file:_files`;
  return takes === "text" ? `${head}:value: ` : `${head}:value:(${takes.join(" ")})`;
}

/**
 * Writes the completions of fish.
 *
 * @param commands What is completed.
 * @returns The script.
 */
export function fishScript(commands: readonly CompletedCommand[]): string {
  const groups = groupsOf(commands);
  const firsts = [...groups].flatMap(([first, seconds]) => {
    const summary = commands.find(({ name }) => name === first)?.summary ?? seconds.join(", ");
    return [
      `complete -c storehook -n '__storehook_at 1' -a '${first}' -d '${shortHelp(summary)}'`,
    ];
  });
  const rest = commands.flatMap(({ name, summary, options, words, takesFile }) => {
    const [first = "", second] = name.split(" ");
    const depth = second === undefined ? 1 : 2;
    const within = `complete -c storehook -n '__storehook_in ${name}'`;
    return [
      ...(second === undefined ? [] : [
        `complete -c storehook -n '__storehook_in ${first}; and __storehook_at 2' ` +
        `-a '${second}' -d '${shortHelp(summary)}'`,
      ]),
      ...options.map((option) => `${within} ${fishOption(option)}`),
      ...(words.length === 0 ? [] : [
        `complete -c storehook -n '__storehook_in ${name}; and __storehook_at ${depth + 1}' ` +
        `-a '${words.join(" ")}'`,
      ]),
      ...(takesFile ? [`${within} -F`] : []),
    ];
  });
  return `# Completions of storehook for fish:  storehook completions fish | source
function __storehook_at
    test (count (commandline -opc)) -eq $argv[1]
end

function __storehook_in
    set -l words (commandline -opc)
    set -l depth (math (count $argv) + 1)
    test (count $words) -ge $depth; and test "$words[2..$depth]" = "$argv"
end

complete -c storehook -f
${[...firsts, ...rest].join("\n")}
`;
}

function fishOption({ name, help, takes }: CompletedOption): string {
  const head = `-l ${name.replace(/^--/, "")} -d '${shortHelp(help)}'`;
  if (takes === "nothing") return head;
  if (takes === "file") return `${head} -r -F`;
  return takes === "text" ? `${head} -x` : `${head} -x -a '${takes.join(" ")}'`;
}

/**
 * Writes the completions of PowerShell. Files are completed by PowerShell itself, where nothing
 * else is.
 *
 * @param commands What is completed.
 * @returns The script.
 */
export function powershellScript(commands: readonly CompletedCommand[]): string {
  const groups = [...groupsOf(commands)];
  const list = (words: readonly string[]) => `@(${words.map((word) => `'${word}'`).join(", ")})`;
  const rows = commands.map(({ name, options, words }) => {
    const values = options.flatMap(({ name, takes }) =>
      takes === "nothing" ? [] : [
        `'${name}' = ${typeof takes === "string" ? "@()" : list(takes)}`,
      ]
    );
    return `    '${name}' = @{ Options = ${list(options.map((option) => option.name))}; ` +
      `Words = ${list(words)}; Values = @{ ${values.join("; ")} } }`;
  });
  const seconds = groups.filter(([, words]) => words.length > 0)
    .map(([first, words]) => `    '${first}' = ${list(words)}`);
  return `# Completions of storehook for PowerShell:
# storehook completions powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName storehook, storehook.exe -ScriptBlock {
  param($current, $ast, $position)
  $commands = @{
${rows.join("\n")}
  }
  $groups = @{
${seconds.join("\n")}
  }
  $elements = @($ast.CommandElements | ForEach-Object { $_.ToString() })
  $done = @($elements | Select-Object -Skip 1)
  if ($current -ne '' -and $done.Count -gt 0) {
    $done = @($done | Select-Object -SkipLast 1)
  }
  $found = @()
  if ($done.Count -eq 0) {
    $found = ${list([...groups.map(([first]) => first), "--help", "--version"])}
  } elseif ($done.Count -eq 1 -and $groups.ContainsKey($done[0])) {
    $found = $groups[$done[0]]
  } else {
    $name = $done[0]
    if ($groups.ContainsKey($name)) { $name = "$name $($done[1])" }
    $command = $commands[$name]
    if ($null -ne $command) {
      $before = $done[-1]
      if ($command.Values.ContainsKey($before)) { $found = $command.Values[$before] }
      else { $found = $command.Words + $command.Options }
    }
  }
  $found | Where-Object { $_ -like "$current*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}
