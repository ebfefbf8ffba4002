import type { Language } from "../../http/problem/problem.ts";

/** One text in every language. Placeholders are written `{name}`. */
export type Translated = readonly [
  en: string,
  de: string,
  es: string,
  fr: string,
  he: string,
];

/** The languages in the order in which a text gives them. */
export const TEXT_ORDER = ["en", "de", "es", "fr", "he"] as const satisfies readonly Language[];

/** Texts by their names, in one language. */
export type Say<Table> = { readonly [Name in keyof Table]: string };

/** Tables stand in modules, so that few languages of few tables are ever kept. */
const chosen = new Map<Language, WeakMap<object, object>>();

/**
 * Chooses one language of a table of texts.
 *
 * @param table The texts.
 * @param language The reader's language.
 * @returns The texts by their names; the same object for the same table and language.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const table = { yes: ["Yes", "Ja", "Sí", "Oui", "כן"] } as const;
 * assertEquals(sayIn(table, "de").yes, "Ja");
 * ```
 */
export function sayIn<Table extends Readonly<Record<string, Translated>>>(
  table: Table,
  language: Language,
): Say<Table> {
  const tables = chosen.get(language) ?? new WeakMap<object, object>();
  chosen.set(language, tables);
  const index = TEXT_ORDER.indexOf(language);
  const say = tables.get(table) ?? Object.fromEntries(
    Object.entries(table).map(([name, text]) => [name, text[index] ?? text[0]]),
  );
  tables.set(table, say);
  // It has the names of the table, and was made of nothing else.
  return say as Say<Table>;
}

/** A value from outside keeps its own direction within a sentence. */
const ISOLATE = ["\u2068", "\u2069"] as const;

/**
 * Puts values into a text, for attributes and titles; within a page, `<Fill>` does it.
 *
 * @param text With placeholders in braces.
 * @param values The values by their names. A text is kept apart from the direction of the sentence.
 * @returns The text; a placeholder without a value stays.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(fillText("{count} of {all}", { count: 2, all: 3 }), "2 of 3");
 * assertEquals(fillText("Copy {what}", { what: "x" }), "Copy \u2068x\u2069");
 * ```
 */
export function fillText(
  text: string,
  values: Readonly<Record<string, string | number>>,
): string {
  return text.replaceAll(/\{(\w+)\}/g, (found, name: string) => {
    const value = values[name];
    if (value === undefined) return found;
    return typeof value === "number" ? String(value) : `${ISOLATE[0]}${value}${ISOLATE[1]}`;
  });
}

const plurals = new Map<Language, Intl.PluralRules>();

/**
 * Chooses the form of a text that fits a number.
 *
 * @param text Both forms: `one forward waits|{count} forwards wait`.
 * @param count How many.
 * @param language The language of the text.
 * @returns The first form where the language says so of the number, else the second.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formFor("an order|orders", 1, "en"), "an order");
 * assertEquals(formFor("une commande|des commandes", 0, "fr"), "une commande");
 * assertEquals(formFor("an order|orders", 2, "en"), "orders");
 * ```
 */
export function formFor(text: string, count: number, language: Language): string {
  const [one = text, other = one] = text.split("|");
  const rules = plurals.get(language) ?? new Intl.PluralRules(language);
  plurals.set(language, rules);
  return rules.select(count) === "one" ? one : other;
}

/**
 * Tells in which direction a language is written.
 *
 * @param language The language.
 */
export function directionOf(language: Language): "ltr" | "rtl" {
  return language === "he" ? "rtl" : "ltr";
}
