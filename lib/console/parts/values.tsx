import type { ComponentChildren, JSX } from "preact";
import { COMMON_TEXTS } from "../texts/shell.ts";
import { useNumber, useReader, useSay } from "./reader.tsx";
import { formatTime, formatWholeTime, type TimeForm } from "./time_format.ts";

/** Whether something is well, wants to be looked at, or failed; `quiet` says nothing of that. */
export type Tone = "ok" | "warn" | "bad" | "quiet";

/** A word or two on how something stands. The tone is for the eye; the word says it all. */
export function Word({ tone, children }: {
  readonly tone: Tone;
  readonly children: ComponentChildren;
}): JSX.Element {
  return <span class={`word ${tone}`}>{children}</span>;
}

/**
 * A time, in the zone of the server until the browser writes it in the reader's. The exact one is
 * shown where the pointer rests.
 */
export function Time({ at, form = "short" }: {
  /** In ISO 8601, as records give it, or in milliseconds since the epoch. */
  readonly at: string | number;
  readonly form?: TimeForm;
}): JSX.Element {
  const { language, timeZone, now } = useReader();
  const milliseconds = typeof at === "number" ? at : Date.parse(at);
  if (!Number.isFinite(milliseconds)) return <bdi>{at}</bdi>;
  return (
    <time
      datetime={new Date(milliseconds).toISOString()}
      title={formatWholeTime(milliseconds, language, timeZone)}
      data-form={form}
    >
      {formatTime(milliseconds, form, { language, timeZone, now })}
    </time>
  );
}

const units = new Map<string, Intl.NumberFormat>();

/** Gives what writes a number with its unit as the reader does. */
function useUnit(): (value: number, unit: string, digits: number) => string {
  const { language } = useReader();
  return (value, unit, digits) => {
    const key = `${language} ${unit} ${digits}`;
    const format = units.get(key) ?? new Intl.NumberFormat(language, {
      ...{ style: "unit", unit, maximumFractionDigits: digits },
      unitDisplay: unit === "byte" ? "long" : "short",
    });
    units.set(key, format);
    return format.format(value);
  };
}

/** How long something took. */
export function Duration({ ms }: { readonly ms: number }): JSX.Element {
  const unit = useUnit();
  return (
    <bdi>
      {ms < 10_000 ? unit(ms, "millisecond", ms < 10 ? 1 : 0) : unit(ms / 1000, "second", 1)}
    </bdi>
  );
}

const SIZES = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** How many bytes, in the largest unit of which it is one at least. */
export function Size({ bytes }: { readonly bytes: number }): JSX.Element {
  const unit = useUnit();
  const step = Math.min(
    SIZES.length - 1,
    Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)),
  );
  return <bdi>{unit(bytes / 1000 ** step, SIZES[step] ?? "byte", step === 0 ? 0 : 1)}</bdi>;
}

/** What came from outside, as text: it keeps its own direction, and nothing when it is empty. */
export function Outside({ text, most = 300 }: {
  readonly text: string | null | undefined;
  /** So many characters are shown; what is longer is cut here, and whole on a page of its own. */
  readonly most?: number;
}): JSX.Element | null {
  if (text === null || text === undefined || text === "") return null;
  const shown = cleanText(text.length > most ? `${text.slice(0, most)}…` : text);
  return <bdi>{shown}</bdi>;
}

/** Controls, and marks that would turn the direction of what stands beside them. */
// deno-lint-ignore no-control-regex -- they are what is looked for
const UNSEEN = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Makes what nobody would see visible: controls, and marks of direction.
 *
 * @param text Any text.
 * @returns The same with those as their code points.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(cleanText("a\u202eb\0"), "a<U+202E>b<U+0000>");
 * ```
 */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll(
    UNSEEN,
    (mark) => `<U+${mark.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}>`,
  );
}

/** How much of a document a page shows; the rest is a download away. */
const MOST_CODE = 20_000;

/** A document as it is: JSON with its lines, anything else as it came. */
export function Code({ text, label, isShort = false }: {
  readonly text: string;
  /** What it is, for who cannot see where it stands. */
  readonly label: string;
  readonly isShort?: boolean;
}): JSX.Element {
  const say = useSay(COMMON_TEXTS);
  const number = useNumber();
  const laidOut = laidOutJson(text);
  const shown = cleanText(laidOut.slice(0, MOST_CODE));
  return (
    <>
      {/* It can be scrolled, so it can be reached by the keyboard. */}
      <pre class={isShort ? "code short" : "code"} tabindex={0} role="region" aria-label={label}>
        {shown}
      </pre>
      {laidOut.length > MOST_CODE && (
        <p class="small soft">
          {say.moreShown.replace("{shown}", number(MOST_CODE)).replace(
            "{all}",
            number(laidOut.length),
          )}
        </p>
      )}
    </>
  );
}

/** Lays JSON out by lines without reading its numbers, which a double would change. */
function laidOutJson(text: string): string {
  if (text.length > 200_000 || !/^\s*[{[]/.test(text)) return text;
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  let depth = 0;
  const indent = () => `\n${"  ".repeat(depth)}`;
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  return tokens.map((token, index) => {
    const next = tokens[index + 1];
    if (token === "{" || token === "[") {
      if (next === "}" || next === "]") return token;
      depth++;
      return token + indent();
    }
    if (token === "}" || token === "]") {
      const before = tokens[index - 1];
      if (before === "{" || before === "[") return token;
      depth--;
      return indent() + token;
    }
    if (token === ",") return token + indent();
    return token === ":" ? ": " : token;
  }).join("");
}
