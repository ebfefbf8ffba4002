/**
 * What the expression library sees in place of the caller's objects. It reads a field only when a
 * rule does, and keeps what a getter throws: the library swallows errors inside `||`, `&&`,
 * `exists` and `all`, while a document that can't be read must never pass unnoticed.
 */
import type { Trace } from "./trace.ts";
import { DEFAULT_TIME_LIMIT_MS, TimeLimit } from "./time_limit.ts";

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
  /** What `hoist.ts` has computed, by what computed it. */
  readonly hoisted: Map<object, CachedResult>;
  readonly timeLimit: TimeLimit;
  /** What notes all that is read, to tell it afterwards. */
  readonly trace?: Trace;
  readonly timeZone: string;
  /** Whether a rule asked for the time zone. */
  usesTimeZone: boolean;
}

/** A class whose instances have the fields of one type. */
export type ReaderClass = new (source: object, cache: EvaluationCache) => object;

type Convert = (value: unknown, cache: EvaluationCache) => unknown;

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
    hoisted: new Map(),
    timeLimit: new TimeLimit(timeLimitMs),
    timeZone: recordedZone ?? timeZone,
    usesTimeZone: false,
  };
}

/** The names by which a rewritten expression asks for a step, and for the time zone. */
export const STEP_NAME = "__step";
export const TIME_ZONE_NAME = "__time_zone";

/**
 * Makes the class of what an expression starts from.
 *
 * @param Reader The class of the variables.
 * @returns The class with what {@linkcode STEP_NAME} and {@linkcode TIME_ZONE_NAME} name.
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

    get [TIME_ZONE_NAME](): string {
      this.#cache.usesTimeZone = true;
      return this.#cache.timeZone;
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
