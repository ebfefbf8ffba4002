import * as z from "zod";

const buildFacts = z.strictObject({
  commit: z.string().nullable(),
  committedAt: z.iso.datetime().nullable(),
});

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
export function readBuild(): BuildFacts {
  const unknown = { commit: null, committedAt: null };
  if (!Deno.build.standalone) return unknown;
  try {
    const text = Deno.readTextFileSync(new URL("./build.json", import.meta.url));
    return buildFacts.parse(JSON.parse(text));
  } catch (error) {
    // Compiled by hand, without the task.
    if (error instanceof Deno.errors.NotFound) return unknown;
    throw error;
  }
}
