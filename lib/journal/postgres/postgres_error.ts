import * as z from "zod/mini";

const databaseErrorSchema = z.object({ code: z.string().check(z.regex(/^[0-9A-Z]{5}$/)) });

/**
 * Reads the code of an error that the database sent (PostgreSQL, appendix A).
 *
 * @param error What was thrown.
 * @returns The code, e.g. `23505`; `undefined` when it is no such error.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(sqlState({ code: "23505" }), "23505");
 * assertEquals(sqlState(new Error("lost")), undefined);
 * ```
 */
export function sqlState(error: unknown): string | undefined {
  const read = databaseErrorSchema.safeParse(error);
  return read.success ? read.data.code : undefined;
}

/** Codes after which something is tried again. */
export const RETRIED = {
  /** The transaction collided with another one: serialization, deadlock. */
  collision: new Set<string | undefined>(["40001", "40P01"]),
  /** The server ends the connection: shut down, crashed, or it takes no writes any more. */
  lostConnection: new Set<string | undefined>(["57P01", "57P02", "57P03", "25006"]),
  /** The connection does not have a statement that it kept: nothing was done. */
  lostStatement: new Set<string | undefined>(["26000"]),
} as const;

/** A statement waited for a lock for too long. */
export const LOCK_NOT_AVAILABLE = "55P03";

/** A unique key is there already. */
export const UNIQUE_VIOLATION = "23505";

/** What was sent is nothing that the other side knows. */
export const PROTOCOL_VIOLATION = "08P01";

const WARNING = "01000";

/**
 * Tells whether a notice says that a commit stopped waiting for its standby, since its time was over or
 * an administrator ended it: the server then calls it done, though it goes with that server.
 *
 * @param notice The notice; its text is in the language of the server.
 */
export function isUnconfirmed(
  { code, routine }: { readonly code?: string | undefined; readonly routine?: string | undefined },
): boolean {
  return code === WARNING && routine === "SyncRepWaitForLSN";
}

/** What becomes of such a commit. */
export function unconfirmedCommit(): Error {
  return Object.assign(new Error("No standby has confirmed the commit"), { code: WARNING });
}

const REASONS: Readonly<Record<string, string>> = {
  [WARNING]: "no standby confirms what is committed",
  "28P01": "the database refuses the password",
  "28000": "the database refuses the user",
  "3D000": "there is no such database",
  "42501": "the user may not do that in the database",
  "53100": "the disk of the database is full",
  "53300": "the database has no connection left",
  "57P01": "the database is shutting down",
  "57P03": "the database is starting",
  "25006": "the database takes no writes",
};

/**
 * Says why the database can't be used, without addresses and secrets: it may be shown outside.
 *
 * @param error What was thrown.
 * @returns The reason.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(reasonOf({ code: "53100" }), "the disk of the database is full");
 * assertEquals(reasonOf(new Error("connect ECONNREFUSED")), "the database can't be reached");
 * ```
 */
export function reasonOf(error: unknown): string {
  const code = sqlState(error);
  if (code === undefined) return "the database can't be reached";
  return REASONS[code] ?? `the database says ${code}`;
}
