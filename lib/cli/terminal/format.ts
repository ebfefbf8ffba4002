import { fromFileUrl, relative } from "@std/path";

/** What could move the cursor of a terminal, recolour it or turn the direction of what follows. */
const UNPRINTABLE = /[\p{Cc}\u061c\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Makes a text from the outside safe to show on a terminal.
 *
 * @param text The text.
 * @param kept Characters that may stay, e.g. line breaks.
 * @returns The text, every control character as an escape.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { printable } from "./format.ts";
 *
 * assertEquals(printable("a\u001b[2Jb\n"), "a\\u001b[2Jb\\u000a");
 * assertEquals(printable("a\nb", "\n"), "a\nb");
 * ```
 */
export function printable(text: string, kept = ""): string {
  return text.replace(
    UNPRINTABLE,
    (character) =>
      kept.includes(character)
        ? character
        : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Made when first needed: it costs the start of a server that never counts. */
let numbers: Intl.NumberFormat | undefined;

/**
 * Writes a number for people.
 *
 * @param count The number.
 * @param one What is counted; without it the number stands alone.
 * @param many Several of them.
 * @returns The number with its noun.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatCount } from "./format.ts";
 *
 * assertEquals(formatCount(1, "delivery", "deliveries"), "1 delivery");
 * assertEquals(formatCount(1234, "item"), "1,234 items");
 * ```
 */
export function formatCount(count: number, one?: string, many = `${one}s`): string {
  numbers ??= new Intl.NumberFormat("en-US");
  const digits = numbers.format(count);
  return one === undefined ? digits : `${digits} ${count === 1 ? one : many}`;
}

const FACTORS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
};
const NAMES = ["B", "KB", "MB", "GB", "TB"];

/**
 * Reads a size: a number with its unit. `MB` is a million bytes, `MiB` is 1024 × 1024.
 *
 * @param text The text.
 * @returns Bytes, `undefined` when it is no size.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseSize } from "./format.ts";
 *
 * assertEquals(parseSize("1.5GB"), 1_500_000_000);
 * assertEquals(parseSize("64 KiB"), 65_536);
 * assertEquals(parseSize("2G"), undefined);
 * ```
 */
export function parseSize(text: string): number | undefined {
  const [, number, unit = ""] = /^(\d{1,15}(?:\.\d{1,3})?) ?([a-z]{1,3})$/i.exec(text) ?? [];
  const factor = FACTORS[unit.toLowerCase()];
  return number === undefined || factor === undefined
    ? undefined
    : Math.round(Number(number) * factor);
}

/**
 * Writes a size for people.
 *
 * @param bytes The size.
 * @returns The size in the unit that fits.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatSize } from "./format.ts";
 *
 * assertEquals(formatSize(999), "999 B");
 * assertEquals(formatSize(1_234_567), "1.2 MB");
 * ```
 */
export function formatSize(bytes: number): string {
  let power = 0;
  // 999,950 would be written as 1000.0 KB.
  while (power < NAMES.length - 1 && bytes / 1000 ** power >= (power === 0 ? 1000 : 999.95)) {
    power++;
  }
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${NAMES[power]}`;
}

/** Deep enough for what fetch throws; a chain that holds itself would have no end. */
const MOST_CAUSES = 5;

/**
 * Says what went wrong, with the causes behind it: `fetch` itself says only that it failed.
 *
 * @param error What was thrown.
 * @returns The messages, from the outermost to the cause, each once.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { errorWords } from "./format.ts";
 *
 * const cause = new Error("connection refused");
 * assertEquals(errorWords(new TypeError("fetch failed", { cause })), "fetch failed: connection refused");
 * ```
 */
export function errorWords(error: unknown): string {
  const words: string[] = [];
  let here = error;
  for (let depth = 0; depth <= MOST_CAUSES && here !== undefined && here !== null; depth++) {
    const message = here instanceof Error ? here.message || here.name : String(here);
    if (!words.some((earlier) => earlier.includes(message))) words.push(message);
    here = here instanceof Error ? here.cause : undefined;
  }
  return words.join(": ");
}

/**
 * How the user calls this program, for the commands that help texts and banners show.
 *
 * @param folder Where the user calls it.
 * @returns `storehook` for the executable, the Deno command otherwise.
 */
export function programName(folder: string = Deno.cwd()): string {
  if (Deno.build.standalone) return "storehook";
  const main = relative(folder, fromFileUrl(import.meta.resolve("../../../main.ts")));
  return `npx -y deno@${Deno.version.deno} run -A ${shellWord(main)}`;
}

/** What every shell of a system takes as it is. */
const PLAIN_WORD = /^[\w./:@%+,-]+$/;
const PLAIN_WINDOWS_WORD = /^[\w./\\:+-][\w./\\:@+-]*$/;

/**
 * Writes a word so that a shell takes it as one: on Windows cmd and PowerShell, elsewhere those that
 * follow POSIX.
 *
 * @param word A path, for example.
 * @param os The system whose shell reads it.
 * @returns The word, in quotes when it needs them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { shellWord } from "./format.ts";
 *
 * assertEquals([shellWord("a.json"), shellWord("my a.json")], ["a.json", '"my a.json"']);
 * assertEquals(shellWord("C:\\My Store\\a.json", "windows"), '"C:\\My Store\\a.json"');
 * assertEquals(shellWord("C:\\store\\a.json", "linux"), "'C:\\store\\a.json'");
 * ```
 */
export function shellWord(word: string, os: typeof Deno.build.os = Deno.build.os): string {
  const text = printable(word);
  if (os === "windows") {
    if (PLAIN_WINDOWS_WORD.test(text)) return text;
    // To a program a backslash is one, unless it stands before a quote.
    return `"${text.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, "$&$&")}"`;
  }
  if (PLAIN_WORD.test(text)) return text;
  return /["$`\\!]/.test(text) ? `'${text.replaceAll("'", "'\\''")}'` : `"${text}"`;
}

/**
 * Gives a text for a file the ends of lines that editors of a system show: Notepad before Windows 10
 * shows all of it in one line without them.
 *
 * @param text The text, each line ended by a line feed.
 * @param os The system.
 * @returns The text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { withLineEnds } from "./format.ts";
 *
 * assertEquals(withLineEnds("{\n}\n", "windows"), "{\r\n}\r\n");
 * assertEquals(withLineEnds("{\n}\n", "linux"), "{\n}\n");
 * ```
 */
export function withLineEnds(text: string, os: typeof Deno.build.os = Deno.build.os): string {
  return os === "windows" ? text.replaceAll(/\r?\n/g, "\r\n") : text;
}
