/**
 * What the expression library sees in place of the caller's objects. It reads a field only when a
 * rule does, and keeps what a getter throws: the library swallows errors inside `||`, `&&`,
 * `exists` and `all`, while a document that can't be read must never pass unnoticed.
 */

/** A class whose instances have the fields of one type. */
export type ReaderClass = new (source: object, failures: unknown[]) => object;

type Convert = (value: unknown, failures: unknown[]) => unknown;

const LIST = /^list<(.+)>$/;

function converter(type: string, readers: ReadonlyMap<string, ReaderClass>): Convert {
  const itemType = LIST.exec(type)?.[1];
  if (itemType !== undefined) {
    const convertItem = converter(itemType, readers);
    return (value, failures) =>
      Array.isArray(value) ? value.map((item) => convertItem(item, failures)) : value;
  }
  return (value, failures) => {
    // Looked up late: types may name each other in a circle.
    const Reader = readers.get(type);
    if (Reader === undefined || typeof value !== "object" || value === null) return value;
    return new Reader(value, failures);
  };
}

/**
 * Makes the class of one type.
 *
 * @param fields The type of each field.
 * @param readers The classes of all types, by name; may still be filled.
 * @param aliases Under which name a field is seen, when not its own.
 * @returns The class. What a getter of its source throws goes into `failures`, and on.
 */
export function createReader(
  fields: Readonly<Record<string, string>>,
  readers: ReadonlyMap<string, ReaderClass>,
  aliases: ReadonlyMap<string, string> = new Map(),
): ReaderClass {
  return class Reader {
    readonly #source: object;
    readonly #failures: unknown[];
    readonly #values = new Map<string, unknown>();

    constructor(source: object, failures: unknown[]) {
      this.#source = source;
      this.#failures = failures;
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
      if (this.#values.has(field)) return this.#values.get(field);
      try {
        const value = convert(Reflect.get(this.#source, field), this.#failures);
        this.#values.set(field, value);
        return value;
      } catch (error) {
        this.#failures.push(error);
        throw error;
      }
    }
  };
}
