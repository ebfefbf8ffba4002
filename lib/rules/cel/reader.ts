/**
 * What the expression library sees in place of the caller's objects. It reads a field only when a
 * rule does, and keeps what a getter throws: the library swallows errors inside `||`, `&&`,
 * `exists` and `all`, while a document that can't be read must never pass unnoticed.
 */
import type { Trace } from "./trace.ts";
import { DEFAULT_TIME_LIMIT_MS, TimeLimit } from "./time_limit.ts";

/** What was computed, or why it could not be. */
export type Kept = { readonly value: unknown } | { readonly error: unknown };

/** What decisions depend on beside the document. */
export interface DecisionSettings {
  /** The IANA name of the zone of times that say none. */
  readonly timeZone: string;
  /** How long the rules of one delivery may walk through its lists. */
  readonly timeLimitMs: number;
}

/** What evaluations of one document share: each of its objects is wrapped, and read, once. */
export interface Reading {
  /** What getters threw. */
  readonly failures: unknown[];
  /** The readers by the objects that they read. */
  readonly readers: Map<object, object>;
  /** What `lasting.ts` has computed, by what computed it. */
  readonly kept: Map<object, Kept>;
  readonly timeLimit: TimeLimit;
  /** What notes all that is read, to tell it afterwards. */
  readonly trace?: Trace;
  readonly timeZone: string;
  /** Whether a rule asked for the time zone. */
  usesTimeZone: boolean;
}

/** A class whose instances have the fields of one type. */
export type ReaderClass = new (source: object, reading: Reading) => object;

type Convert = (value: unknown, reading: Reading) => unknown;

/**
 * Starts to read a document that does not change meanwhile.
 *
 * @param settings What decisions depend on beside it; UTC and the default limit unless given.
 * @param recordedZone The time zone by which it was decided once, to decide it again.
 */
export function startReading(
  settings: Partial<DecisionSettings> = {},
  recordedZone?: string,
): Reading {
  const { timeZone = "UTC", timeLimitMs = DEFAULT_TIME_LIMIT_MS } = settings;
  return {
    failures: [],
    readers: new Map(),
    kept: new Map(),
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
export function createContext(Reader: ReaderClass): ReaderClass {
  return class Context extends Reader {
    readonly #reading: Reading;

    constructor(source: object, reading: Reading) {
      super(source, reading);
      this.#reading = reading;
    }

    get [STEP_NAME](): boolean {
      return this.#reading.timeLimit.step();
    }

    get [TIME_ZONE_NAME](): string {
      this.#reading.usesTimeZone = true;
      return this.#reading.timeZone;
    }
  };
}

const LIST = /^list<(.+)>$/;

function converter(type: string, readers: ReadonlyMap<string, ReaderClass>): Convert {
  const itemType = LIST.exec(type)?.[1];
  if (itemType !== undefined) {
    const convertItem = converter(itemType, readers);
    return (value, reading) =>
      Array.isArray(value) ? value.map((item) => convertItem(item, reading)) : value;
  }
  return (value, reading) => {
    // Looked up late: types may name each other in a circle.
    const Reader = readers.get(type);
    if (Reader === undefined || typeof value !== "object" || value === null) return value;
    let reader = reading.readers.get(value);
    if (reader === undefined) reading.readers.set(value, reader = new Reader(value, reading));
    return reader;
  };
}

/**
 * Makes the class of one type.
 *
 * @param fields The type of each field.
 * @param readers The classes of all types, by name; may still be filled.
 * @param aliases Under which name a field is seen, when not its own.
 * @returns The class. What a getter of its source throws goes into the reading's failures, and on.
 */
export function createReader(
  fields: Readonly<Record<string, string>>,
  readers: ReadonlyMap<string, ReaderClass>,
  aliases: ReadonlyMap<string, string> = new Map(),
): ReaderClass {
  return class Reader {
    readonly #source: object;
    readonly #reading: Reading;
    #values: Map<string, unknown> | undefined;

    constructor(source: object, reading: Reading) {
      this.#source = source;
      this.#reading = reading;
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
        const read = convert(Reflect.get(this.#source, field), this.#reading);
        const { trace } = this.#reading;
        const value = trace === undefined ? read : trace.read(this, field, read);
        (this.#values ??= new Map()).set(field, value);
        return value;
      } catch (error) {
        this.#reading.failures.push(error);
        throw error;
      }
    }
  };
}
