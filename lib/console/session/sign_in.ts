/** Signing in with a password: slowed down for who guesses, cheap for us whoever asks. */
import type { Config } from "../../config/schema.ts";
import { Problem } from "../../http/problem/problem.ts";
import { networkOf } from "../../util/addresses.ts";
import { ConsoleError } from "../errors.ts";
import { hash } from "../../util/hash.ts";
import { hashOfNobody, isPassword, newSecret } from "./credentials.ts";
import { createSlowdown } from "./slowdown.ts";

/** Signs in with passwords. */
export interface PasswordDoor {
  /**
   * Compares a password.
   *
   * @param given The name and the password as they were sent.
   * @param address From where.
   * @param settings Who may sign in.
   * @param now What counts as now, in milliseconds since the epoch.
   * @returns The user.
   * @throws {ConsoleError} `wrong_credentials`, or `too_many_attempts`.
   * @throws {Problem} `overloaded` when too many are compared already.
   */
  enter(
    given: { readonly name: string; readonly password: string },
    address: string,
    settings: Pick<Config["console"], "users">,
    now: number,
  ): Promise<Config["console"]["users"][number]>;
}

/** So many are compared at a time, 32 MB each; and so many wait for that. */
const AT_ONCE = 2;
const MOST_WAITING = 16;

const FORGET_MS = 3_600_000;
/** Who knows a name could keep its owner out: so nobody waits longer than a minute for it. */
const BY_NAME = {
  free: 5,
  firstMs: 1000,
  mostMs: 60_000,
  forgetMs: FORGET_MS,
  mostKeys: 5000,
} as const;
const BY_ADDRESS = {
  free: 10,
  firstMs: 1000,
  mostMs: 900_000,
  forgetMs: FORGET_MS,
  mostKeys: 5000,
} as const;

const LONGEST_NAME = 256;
const LONGEST_PASSWORD = 1024;

/**
 * Makes what signs in with passwords.
 *
 * @returns What does it; nobody has failed yet.
 */
export function createPasswordDoor(): PasswordDoor {
  const ofThisProcess = newSecret();
  const names = createSlowdown(BY_NAME);
  const addresses = createSlowdown(BY_ADDRESS);
  const take = createTurns(AT_ONCE, MOST_WAITING);
  return {
    async enter({ name, password }, address, { users }, now) {
      if (name.length > LONGEST_NAME || password.length > LONGEST_PASSWORD) {
        throw new ConsoleError("wrong_credentials");
      }
      // What was typed may be a password: it is told from others, and not kept.
      const nameKey = hash("sha256", ofThisProcess, "\0", plainName(name)).toHex();
      const network = networkOf(address);
      const waitMs = Math.max(names.waitMs(nameKey, now), addresses.waitMs(network, now));
      if (waitMs > 0) throw tooMany(waitMs);
      // Before it is compared: else a hundred at once would all be free.
      names.failed(nameKey, now);
      addresses.failed(network, now);
      const user = findUser({ users }, name);
      const isRight = await take(() =>
        isPassword(password, user?.password ?? hashOfNobody(users[0]?.password))
      );
      if (user === undefined || !isRight) throw new ConsoleError("wrong_credentials");
      names.succeeded(nameKey);
      addresses.succeeded(network);
      return user;
    },
  };
}

/**
 * Finds a user by what was typed for a name.
 *
 * @param settings Who may sign in.
 * @param typed What was typed: letter case and ways of writing a letter do not count.
 */
export function findUser(
  { users }: Pick<Config["console"], "users">,
  typed: string,
): Config["console"]["users"][number] | undefined {
  return users.find(({ name }) => plainName(name) === plainName(typed));
}

function plainName(name: string): string {
  return name.normalize("NFKC").toLowerCase();
}

function tooMany(waitMs: number): ConsoleError {
  const seconds = String(Math.ceil(waitMs / 1000));
  return new ConsoleError("too_many_attempts", { seconds }, { "Retry-After": seconds });
}

/** Lets so many work at a time, and so many wait; others are sent away. */
function createTurns(atOnce: number, mostWaiting: number) {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= atOnce) {
      if (waiting.length >= mostWaiting) throw new Problem("overloaded");
      const turn = Promise.withResolvers<void>();
      waiting.push(turn.resolve);
      await turn.promise;
    }
    running++;
    try {
      return await work();
    } finally {
      running--;
      waiting.shift()?.();
    }
  };
}
