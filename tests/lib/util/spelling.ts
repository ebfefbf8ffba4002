import fc from "fast-check";

const SPACES = ["", " ", "\n", "\t ", "\r\n"];

/** Some spelling of a JSON value: with white space, escapes and the members in any order. */
export function spelling(value: unknown): fc.Arbitrary<string> {
  return fc.array(fc.nat({ max: 1000 }), { minLength: 20, maxLength: 20 }).map((choices) => {
    let next = 0;
    return spell(value, (count) => (choices[next++ % choices.length] ?? 0) % count);
  });
}

function spell(value: unknown, pick: (count: number) => number): string {
  const space = () => SPACES[pick(SPACES.length)] ?? "";
  const comma = () => `${space()},${space()}`;
  if (Array.isArray(value)) return `[${value.map((one) => spell(one, pick)).join(comma())}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    const members = (pick(2) === 0 ? entries : entries.reverse()).map(([name, one]) =>
      `${spellText(name, pick)}${space()}:${space()}${spell(one, pick)}`
    );
    return `{${members.join(comma())}}`;
  }
  return typeof value === "string" ? spellText(value, pick) : JSON.stringify(value);
}

function spellText(text: string, pick: (count: number) => number): string {
  if (pick(2) === 0) return JSON.stringify(text);
  const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("")}"`;
}
