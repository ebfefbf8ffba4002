import fc from "fast-check";

/** A JSON document in which a number is the text it is written with. */
export type Document =
  | null
  | boolean
  | string
  | { readonly number: string }
  | { readonly elements: readonly Document[] }
  | { readonly members: readonly (readonly [string, Document])[] };

const NUMBERS = ["0", "-0", "2.0", "1.50", "1e2", "1E+2", "10", "9007199254740993", "1e-7", "0.1"];

/** Draws documents, with keys like integers and like properties of every object. */
export function documents(): fc.Arbitrary<Document> {
  const key = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("9", "10", "a", "b", "__proto__", "constructor", ""),
  );
  const { document } = fc.letrec<{ readonly document: Document }>((tie) => ({
    document: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.constantFrom<Document>(null, true, false),
      fc.string({ unit: "binary" }),
      fc.constantFrom(...NUMBERS).map((number) => ({ number })),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => ({
        number: JSON.stringify(n),
      })),
      fc.array(tie("document"), { maxLength: 4 }).map((elements) => ({ elements })),
      fc.uniqueArray(fc.tuple(key, tie("document")), { maxLength: 5, selector: ([name]) => name })
        .map((members) => ({ members })),
    ),
  }));
  return document;
}

/** Writes a document sorted and without white space, the simple way. */
export function write(document: Document, number: (text: string) => string): string {
  if (document === null || typeof document !== "object") return JSON.stringify(document);
  if ("number" in document) return number(document.number);
  if ("elements" in document) {
    return `[${document.elements.map((element) => write(element, number)).join(",")}]`;
  }
  const byName = new Map(document.members);
  return `{${
    document.members.map(([name]) => name).sort()
      .map((name) => `${JSON.stringify(name)}:${write(byName.get(name) ?? null, number)}`).join(",")
  }}`;
}

/** Writes a document as it stands, with white space and escapes by what is drawn. */
export function spell(document: Document, choices: Iterator<number>): string {
  const choose = (count: number) => Number(choices.next().value) % count;
  const space = () => ["", "", " ", "\n\t", "\r\n"][choose(5)] ?? "";
  const text = (value: string) =>
    `"${
      Array.from({ length: value.length }, (_, at) => {
        const code = value.charCodeAt(at);
        const isSurrogate = code >= 0xd800 && code <= 0xdfff;
        if (isSurrogate || choose(4) === 0) return `\\u${code.toString(16).padStart(4, "0")}`;
        return value[at] === "/" ? "\\/" : JSON.stringify(value[at]).slice(1, -1);
      }).join("")
    }"`;
  const spellAny = (value: Document): string => {
    if (value === null || typeof value === "boolean") return JSON.stringify(value);
    if (typeof value === "string") return text(value);
    if ("number" in value) return value.number;
    const parts = "elements" in value
      ? value.elements.map(spellAny)
      : value.members.map(([name, member]) =>
        text(name) + space() + ":" + space() + spellAny(member)
      );
    const inside = parts.map((part) => space() + part + space()).join(",") || space();
    return "elements" in value ? `[${inside}]` : `{${inside}}`;
  };
  return space() + spellAny(document) + space();
}

/** What json-stable-stringify does with a parsed document, without its options. */
export function stableStringify(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stableStringify).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const byKey = new Map(Object.entries(value));
  return `{${
    Object.keys(value).sort()
      .map((key) => `${JSON.stringify(key)}:${stableStringify(byKey.get(key))}`).join(",")
  }}`;
}
