import denoJson from "../../deno.json" with { type: "json" };
import { readBuild } from "./build.ts";
import type { Command } from "./terminal/command.ts";
import { parseOptions } from "./terminal/options.ts";

/** The program's version, as `deno.json` gives it. */
export const VERSION: string = denoJson.version;

const SHORT_COMMIT_LENGTH = 10;

const PERMISSIONS = ["net", "env", "read", "write", "run", "ffi", "sys", "import"] as const;

/** `storehook version`. */
export const versionCommand: Command = {
  name: "version",
  summary: "the version of the program and of what it runs on",
  help: `Usage: storehook version [--json]

Options:
  --json   as one line of JSON: the version, the commit and its time, what it runs on, and what the
           runtime lets it do

Exit codes: 0 fine, 2 wrong usage
`,
  run(args, terminal) {
    const options = parseOptions(args, { flags: ["json"] });
    const versions = {
      version: VERSION,
      ...readBuild(),
      deno: Deno.version.deno,
      v8: Deno.version.v8,
      typescript: Deno.version.typescript,
      target: Deno.build.target,
      standalone: Deno.build.standalone,
      permissions: permissions(),
    };
    terminal.out(options.flag("json") ? `${JSON.stringify(versions)}\n` : describe(versions));
    return Promise.resolve(0);
  },
};

/** What the program may do: an admin sees that it cannot start other programs. */
function permissions(): Readonly<Record<string, Deno.PermissionState>> {
  return Object.fromEntries(
    PERMISSIONS.map((name) => [name, Deno.permissions.querySync({ name }).state]),
  );
}

function describe(
  { commit, deno, v8, target }: Readonly<
    Record<"deno" | "v8" | "target", string> & Record<"commit", string | null>
  >,
): string {
  const [hash = "", ...dirty] = commit?.split("-") ?? [];
  const short = [hash.slice(0, SHORT_COMMIT_LENGTH), ...dirty].join("-");
  const built = commit === null ? "" : `commit ${short}, `;
  return `storehook ${VERSION} (${built}Deno ${deno}, V8 ${v8}, ${target})\n`;
}
