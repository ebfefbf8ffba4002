/** What of a config file is not served, for `GET /readyz`. */
export interface NotServed {
  readonly message: string;
  /** Since when, in ISO 8601. */
  readonly since: string;
}

/** Knows whether what stands in the config file is what is served. */
export interface ConfigStatus {
  /** Notes that it is, but for settings that need a restart. */
  accepted(needRestart: readonly string[]): void;
  /** Notes that it has mistakes, so many. */
  rejected(mistakes: number): void;
  /** Says what is not served; `undefined` when all is. */
  describe(): NotServed | undefined;
}

/**
 * Makes a status: all is served.
 *
 * @param now Tells the time; the clock unless given.
 * @returns The status. It names settings, and nothing that stands in the file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const status = createConfigStatus(() => new Date(0));
 * assertEquals(status.describe(), undefined);
 * status.accepted(["server.port"]);
 * assertEquals(status.describe(), {
 *   message: "server.port needs a restart",
 *   since: "1970-01-01T00:00:00.000Z",
 * });
 * ```
 */
export function createConfigStatus(now: () => Date = () => new Date()): ConfigStatus {
  let notServed: NotServed | undefined;
  function note(message: string): void {
    // What is wrong in the same way still is so since then.
    if (notServed?.message !== message) notServed = { message, since: now().toISOString() };
  }
  return {
    accepted(needRestart) {
      const verb = needRestart.length === 1 ? "needs" : "need";
      if (needRestart.length === 0) notServed = undefined;
      else note(`${needRestart.join(", ")} ${verb} a restart`);
    },
    rejected(mistakes) {
      const count = `${mistakes} mistake${mistakes === 1 ? "" : "s"}`;
      note(`The changed file has ${count}; the config before is served`);
    },
    describe: () => notServed,
  };
}
