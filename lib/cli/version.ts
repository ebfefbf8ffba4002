import denoJson from "../../deno.json" with { type: "json" };
import type { Options } from "./terminal/table.ts";
import type { Terminal } from "./terminal/terminal.ts";

/** The program's version, as `deno.json` gives it. */
export const VERSION: string = denoJson.version;

const SHORT_COMMIT_LENGTH = 10;

const PERMISSIONS = ["net", "env", "read", "write", "run", "ffi", "sys", "import"] as const;

/** `storehook version`. */
export function versionCommand(options: Options, terminal: Terminal): Promise<number> {
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
}

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

/** What an executable was built of. */
export interface BuildFacts {
  /** The commit, with `-dirty` at its end when files were changed; `null` when unknown. */
  readonly commit: string | null;
  /** When it was committed, in ISO 8601; `null` when unknown. */
  readonly committedAt: string | null;
}

/**
 * Reads what this executable was built of: the file that was compiled into it.
 *
 * @returns The facts; all unknown when the program runs from its sources.
 */
function readBuild(): BuildFacts {
  const unknown = { commit: null, committedAt: null };
  if (!Deno.build.standalone) return unknown;
  try {
    const text = Deno.readTextFileSync(new URL("./build.json", import.meta.url));
    return factsOf(JSON.parse(text));
  } catch (error) {
    // Compiled by hand, without the task.
    if (error instanceof Deno.errors.NotFound) return unknown;
    throw error;
  }
}

/** Read without a schema: the list of commands shows the version, and needs nothing else. */
function factsOf(build: { readonly [fact in keyof BuildFacts]?: unknown }): BuildFacts {
  const textOf = (fact: unknown) => typeof fact === "string" ? fact : null;
  return { commit: textOf(build.commit), committedAt: textOf(build.committedAt) };
}
