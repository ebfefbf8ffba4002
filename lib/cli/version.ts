import denoJson from "../../deno.json" with { type: "json" };
import type { Command } from "./terminal/command.ts";
import { parseOptions } from "./terminal/options.ts";

/** The program's version, as `deno.json` gives it. */
export const VERSION: string = denoJson.version;

/** `storehook version`. */
export const versionCommand: Command = {
  name: "version",
  summary: "the version of the program and of what it runs on",
  help: `Usage: storehook version [--json]

Options:
  --json   as one line of JSON

Exit codes: 0 fine, 2 wrong usage
`,
  run(args, terminal) {
    const options = parseOptions(args, { flags: ["json"] });
    const versions = {
      version: VERSION,
      deno: Deno.version.deno,
      v8: Deno.version.v8,
      target: Deno.build.target,
      standalone: Deno.build.standalone,
    };
    terminal.out(
      options.flag("json")
        ? `${JSON.stringify(versions)}\n`
        : `storehook ${VERSION} (Deno ${versions.deno}, V8 ${versions.v8}, ${versions.target})\n`,
    );
    return Promise.resolve(0);
  },
};
