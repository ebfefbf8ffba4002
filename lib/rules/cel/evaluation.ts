/**
 * What the expression library sees in place of the caller's objects. It reads a field only when a
 * rule does, and keeps what a getter throws: the library swallows errors inside `||`, `&&`,
 * `exists` and `all`, while a document that can't be read must never pass unnoticed.
 */

/** What was computed, or why it could not be. */
export type CachedResult = { readonly value: unknown } | { readonly error: unknown };

/** What decisions depend on beside the document. */
export interface DecisionSettings {
  /** The IANA name of the zone of times that say none. */
  readonly timeZone: string;
  /** How long the rules of one delivery may walk through its lists. */
  readonly timeLimitMs: number;
}

/** What evaluations of one document share: each of its objects is wrapped, and read, once. */
export interface EvaluationCache {
  /** What getters threw. */
  readonly failures: unknown[];
  /** The readers by the objects that they read. */
  readonly readers: Map<object, object>;
  /** What `addHoisted` has computed, by what computed it; `undefined` while that is nothing. */
  hoisted: Map<object, CachedResult> | undefined;
  readonly timeLimit: TimeLimit;
  /** What notes all that is read, to tell it afterwards. */
  readonly trace?: Trace;
  readonly timeZone: string;
  /** Whether a rule asked for the time zone. */
  usesTimeZone: boolean;
}

/** A value that a rule read. */
export interface ReadValue {
  /** Where it stands, as a rule writes it, e.g. `order.items[2].quantity`. */
  readonly path: string;
  /** The value, long text cut; of a list how many elements it has, e.g. `3 elements`. */
  readonly value: string | number | boolean | null;
  /** Set where `value` is no text of the document but says something of it. */
  readonly isDescription?: true;
}

/** Notes what one evaluation reads. */
export interface Trace {
  /**
   * Notes that a field was read.
   *
   * @param owner The reader that has it; what stands at no place begins a path.
   * @param field The field.
   * @param value What the expression sees of it.
   * @returns The same, or what notes its own parts when they are read.
   */
  read(owner: object, field: string, value: unknown): unknown;
  /** What was read, each place once. */
  values(): readonly ReadValue[];
}

/**
 * Makes what evaluations of a document share; it is one that does not change meanwhile.
 *
 * @param settings What decisions depend on beside it; UTC and the default limit unless given.
 * @param recordedZone The time zone by which it was decided once, to decide it again.
 */
export function createEvaluationCache(
  settings: Partial<DecisionSettings> = {},
  recordedZone?: string,
): EvaluationCache {
  const { timeZone = "UTC", timeLimitMs = DEFAULT_TIME_LIMIT_MS } = settings;
  return {
    failures: [],
    readers: new Map(),
    hoisted: undefined,
    timeLimit: new TimeLimit(timeLimitMs),
    timeZone: recordedZone ?? timeZone,
    usesTimeZone: false,
  };
}

/** A class whose instances have the fields of one type. */
export type ReaderClass = new (source: object, cache: EvaluationCache) => object;

type Convert = (value: unknown, cache: EvaluationCache) => unknown;

/** The names by which a rewritten expression asks for a step, the time limit and the time zone. */
export const STEP_NAME = "__step";
export const TIME_LIMIT_NAME = "__time_limit";
export const TIME_ZONE_NAME = "__time_zone";

/**
 * Makes the class of what an expression starts from.
 *
 * @param Reader The class of the variables.
 * @returns The class with what these names stand for beside the variables.
 */
export function createContextClass(Reader: ReaderClass): ReaderClass {
  return class Context extends Reader {
    readonly #cache: EvaluationCache;

    constructor(source: object, cache: EvaluationCache) {
      super(source, cache);
      this.#cache = cache;
    }

    get [STEP_NAME](): boolean {
      return this.#cache.timeLimit.step();
    }

    get [TIME_LIMIT_NAME](): TimeLimit {
      return this.#cache.timeLimit;
    }

    get [TIME_ZONE_NAME](): string {
      this.#cache.usesTimeZone = true;
      return this.#cache.timeZone;
    }
  };
}

/**
 * Makes the class of one type.
 *
 * @param fields The type of each field.
 * @param readers The classes of all types, by name; may still be filled.
 * @param aliases Under which name a field is seen, when not its own.
 * @returns The class. What a getter of its source throws goes into the cache's failures, and on.
 */
export function createReaderClass(
  fields: Readonly<Record<string, string>>,
  readers: ReadonlyMap<string, ReaderClass>,
  aliases: ReadonlyMap<string, string> = new Map(),
): ReaderClass {
  return class Reader {
    readonly #source: object;
    readonly #cache: EvaluationCache;
    #values: Map<string, unknown> | undefined;

    constructor(source: object, cache: EvaluationCache) {
      this.#source = source;
      this.#cache = cache;
    }

    static {
      for (const [field, type] of Object.entries(fields)) {
        const convert = converter(type, readers);
        Object.defineProperty(this.prototype, aliases.get(field) ?? field, {
          get(this: Reader): unknown {
            return this.#read(field, convert);
          },
        });
      }
    }

    #read(field: string, convert: Convert): unknown {
      if (this.#values?.has(field)) return this.#values.get(field);
      try {
        const read = convert(Reflect.get(this.#source, field), this.#cache);
        const { trace } = this.#cache;
        const value = trace === undefined ? read : trace.read(this, field, read);
        (this.#values ??= new Map()).set(field, value);
        return value;
      } catch (error) {
        this.#cache.failures.push(error);
        throw error;
      }
    }
  };
}

const LIST = /^list<(.+)>$/;

function converter(type: string, readers: ReadonlyMap<string, ReaderClass>): Convert {
  const itemType = LIST.exec(type)?.[1];
  if (itemType !== undefined) {
    const convertItem = converter(itemType, readers);
    return (value, cache) =>
      Array.isArray(value) ? value.map((item) => convertItem(item, cache)) : value;
  }
  return (value, cache) => {
    // Looked up late: types may name each other in a circle.
    const Reader = readers.get(type);
    if (Reader === undefined || typeof value !== "object" || value === null) return value;
    let reader = cache.readers.get(value);
    if (reader === undefined) cache.readers.set(value, reader = new Reader(value, cache));
    return reader;
  };
}

/** How many steps pass between two looks at the clock. */
const STEPS_PER_LOOK = 8;

/** How long the rules of one delivery may take unless the config says otherwise. */
export const DEFAULT_TIME_LIMIT_MS = 250;

/** The rules of a delivery took too long; each that would walk through a list fails from then on. */
class OutOfTime extends Error {
  override readonly name = "OutOfTime";

  /** @param limitMs How long they might take. */
  constructor(limitMs: number) {
    super(`the rules took longer than ${limitMs} ms`);
  }
}

/**
 * Ends what takes too long. A condition has no loops but those over lists, so each element is a
 * step, and what costs more than a step has a limit of its own.
 */
export class TimeLimit {
  readonly #limitMs: number;
  #steps = 0;
  #endsAt: number | undefined;
  #exceeded: OutOfTime | undefined;

  /** @param limitMs How long all steps may take, from the first one on. */
  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /**
   * Takes a step.
   *
   * @returns Always `true`, for a condition.
   * @throws {OutOfTime} When there is no time left.
   */
  step(): true {
    // One error for all steps: to make one takes longer than a step.
    if (this.#exceeded !== undefined) throw this.#exceeded;
    if (this.#steps++ % STEPS_PER_LOOK === 0) this.look();
    return true;
  }

  /**
   * Leaves out time in which others had their turn.
   *
   * @param ms How long that was.
   */
  leaveOut(ms: number): void {
    if (this.#endsAt !== undefined) this.#endsAt += ms;
  }

  /**
   * Looks at the clock, before what takes longer than a step.
   *
   * @throws {OutOfTime} When there is no time left.
   */
  look(): void {
    const now = performance.now();
    this.#endsAt ??= now + this.#limitMs;
    if (now > this.#endsAt) throw this.#exceeded ??= new OutOfTime(this.#limitMs);
  }
}

/** A rule could not be evaluated: it neither matches nor is it false. */
export class RuleFailure extends Error {
  override readonly name = "RuleFailure";

  /**
   * @param reason Why, in words for the one who wrote the rule, e.g. `division by zero`.
   */
  constructor(readonly reason: string) {
    super(`Cannot evaluate the rule: ${reason}`);
  }
}

/** What follows a colon, and text in quotes, also where it was cut: there stand values. */
const VALUE = /(?<=: ).*$|"(?:[^"\\]|\\.)*(?:"|$)/gs;

/**
 * Writes why a rule could not be evaluated without what the document held: for a log, whose
 * readers need not know the customers.
 *
 * @param reason The reason, of a {@linkcode RuleFailure}.
 * @returns The reason with `…` in the place of each value.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(withoutValues('cannot read "Jane" as a number'), "cannot read … as a number");
 * assertEquals(withoutValues("invalid duration string: Jane"), "invalid duration string: …");
 * ```
 */
export function withoutValues(reason: string): string {
  return reason.replaceAll(VALUE, "…");
}

/** What a field should have been. The names are keys of the translated words for it. */
export type Wanted = "number" | "text" | "object" | "list" | "items" | "id" | "present";

/**
 * A field that the decision reads has the wrong type.
 *
 * Thrown while a rule or an outcome reads the document, so that only what is read is judged.
 */
export class ShapeError extends Error {
  override readonly name = "ShapeError";

  /**
   * @param path Where, in the sender's own names, e.g. `Order.Prices.TotalPrice`.
   * @param found What stands there, shortened JSON, or `nothing`.
   * @param wanted What should stand there.
   */
  constructor(readonly path: string, readonly found: string, readonly wanted: Wanted) {
    super(`Cannot read ${path}: found ${found}, wanted ${wanted}`);
  }
}
