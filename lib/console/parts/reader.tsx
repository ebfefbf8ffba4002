import { type ComponentChildren, createContext, type JSX } from "preact";
import { useContext } from "preact/hooks";
import type { Language } from "../../http/problem/problem.ts";
import { formFor, type Say, sayIn, type Translated } from "../texts/texts.ts";

/** Who reads a page, and how it is written for them. */
export interface Reader {
  readonly language: Language;
  /** The IANA name of the zone in which times are written until the browser writes its own. */
  readonly timeZone: string;
  /** What stands before the path of every link: `""`, or that of `console.publicUrl`. */
  readonly base: string;
  /** What counts as now, in milliseconds since the epoch. */
  readonly now: number;
}

const ReaderContext = createContext<Reader>({ language: "en", timeZone: "UTC", base: "", now: 0 });

/** Gives a reader to all that stands within. */
export const ReaderProvider = ReaderContext.Provider;

/** Tells who reads the page. */
export function useReader(): Reader {
  return useContext(ReaderContext);
}

/**
 * Gives a table of texts in the reader's language.
 *
 * @param table The texts.
 */
export function useSay<Table extends Readonly<Record<string, Translated>>>(
  table: Table,
): Say<Table> {
  return sayIn(table, useReader().language);
}

/**
 * A text with its values put in: numbers as the reader writes them, texts kept apart from the
 * direction of the sentence, elements as they are.
 *
 * @param props The text with placeholders, the values by their names, and for a text with two
 * forms how many it is about.
 */
export function Fill({ text, count, ...values }: {
  readonly text: string;
  readonly count?: number;
  readonly [name: string]: ComponentChildren;
}): JSX.Element {
  const { language } = useReader();
  const all: Readonly<Record<string, ComponentChildren>> = { ...values, count };
  const form = count === undefined ? text : formFor(text, count, language);
  const parts = form.split(/\{(\w+)\}/);
  return (
    <>
      {parts.map((part, index) => index % 2 === 0 ? part : <Value key={index} value={all[part]} />)}
    </>
  );
}

function Value({ value }: { readonly value: ComponentChildren }): JSX.Element {
  const number = useNumber();
  if (typeof value === "number") return <>{number(value)}</>;
  return typeof value === "string" ? <bdi>{value}</bdi> : <>{value}</>;
}

const formats = new Map<string, Intl.NumberFormat>();

/** Gives what writes numbers as the reader does. */
export function useNumber(): (value: number, digits?: number) => string {
  const { language } = useReader();
  return (value, digits = 0) => {
    const key = `${language} ${digits}`;
    const format = formats.get(key) ??
      new Intl.NumberFormat(language, { maximumFractionDigits: digits });
    formats.set(key, format);
    return format.format(value);
  };
}
