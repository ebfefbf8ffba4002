/**
 * What a shadow found: a file of lines of JSON beside the journal, and one with the counts. They say
 * which rules and outcomes differ and nothing that an order or a service says, so that nothing of a
 * person stands in them.
 */
import * as z from "zod/mini";
import { readSmallFile } from "../util/files.ts";
import type { Difference } from "./backtest/compare.ts";
import { countDecided, newTally, type Tally } from "./backtest/tally.ts";

/** How many deliveries were decided beside their answer, since the config of the shadow was loaded. */
export interface ShadowCounts {
  readonly decided: number;
  readonly same: number;
  /** Those that were not decided: there was more to do than could be waited for. */
  readonly dropped: number;
  /** Those that failed in a way that nobody foresaw. */
  readonly failed: number;
}

const side = z.object({
  status: z.nullable(z.int()),
  rules: z.array(z.object({
    subject: z.exactOptional(z.string()),
    rule: z.nullable(z.string()),
  })),
  asks: z.exactOptional(z.array(z.string())),
  answer: z.string(),
});

const differenceLine = z.object({
  id: z.string(),
  receivedAt: z.int(),
  endpoint: z.string(),
  change: z.enum(["answer", "rule", "ask"]),
  total: z.exactOptional(z.string()),
  then: side,
  now: side,
});
const startLine = z.object({ start: z.int(), config: z.string() });
const anyLine = z.union([startLine, differenceLine]);
const countsFile = z.object({
  start: z.int(),
  counts: z.object({ decided: z.int(), same: z.int(), dropped: z.int(), failed: z.int() }),
});

/**
 * Names the file of a shadow.
 *
 * @param journal The path of the server's journal, or of its spool.
 */
export function shadowFile(journal: string): string {
  return `${journal}-shadow.jsonl`;
}

/** A file that is full becomes this one, whose place the next one takes. */
function fullFile(file: string): string {
  return `${file}.1`;
}

/** How many there are of all: written anew each time, so that it takes no more. */
function fileOfCounts(file: string): string {
  return `${file}.counts`;
}

const MAX_BYTES = 8_388_608;

/** Writes what a shadow finds. */
export interface ShadowLog {
  /** Notes that another config is tried from now on. */
  start(config: string, at: number): Promise<void>;
  /** Adds differences, and how many there are of all. */
  add(differences: readonly Difference[], counts: ShadowCounts): Promise<void>;
}

/**
 * Opens the file of a shadow; it never takes more than twice its largest size.
 *
 * @param file Its path.
 * @param maxBytes How large it may grow.
 */
export function openShadowLog(file: string, maxBytes = MAX_BYTES): ShadowLog {
  let startedWith = "";
  let startedAt = 0;
  async function append(text: string): Promise<void> {
    const size = await Deno.stat(file).then((info) => info.size, () => 0);
    if (size > 0 && size + text.length > maxBytes) {
      await Deno.rename(file, fullFile(file));
      await Deno.writeTextFile(file, startedWith, { mode: 0o600 });
    }
    await Deno.writeTextFile(file, text, { append: true, mode: 0o600 });
  }
  return {
    async start(config, at) {
      startedWith = lineOf({ start: at, config });
      startedAt = at;
      await append(startedWith);
    },
    async add(differences, counts) {
      if (differences.length > 0) await append(differences.map(lineOf).join(""));
      const text = lineOf({ start: startedAt, counts });
      await Deno.writeTextFile(fileOfCounts(file), text, { mode: 0o600 });
    },
  };
}

function lineOf(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

/** What a shadow has found so far. */
export interface ShadowFindings {
  /** The file of the config that is tried. */
  readonly config: string;
  /** Since when, in milliseconds since the epoch. */
  readonly since: number;
  readonly tally: Tally;
  readonly dropped: number;
  readonly failed: number;
  /** Newest first; those that are kept. */
  readonly differences: readonly Difference[];
}

/**
 * Reads what a shadow has found, since the config that it tries was loaded last.
 *
 * @param file Its file.
 * @returns What it found; `undefined` where there never was one.
 */
export async function readShadow(file: string): Promise<ShadowFindings | undefined> {
  const texts = await Promise.all([fullFile(file), file].map(readOrNothing));
  const tally = newTally();
  let differences: Difference[] = [];
  let start: z.output<typeof startLine> | undefined;
  for (const line of texts.join("").split("\n")) {
    const read = readLine(line);
    if (read === undefined) continue;
    if ("start" in read) {
      // That of a file that was begun anew is the same one.
      if (read.start !== start?.start) differences = [];
      start = read;
    } else differences.push(read);
  }
  if (start === undefined) return undefined;
  for (const difference of differences) countDecided(tally, difference.receivedAt, difference);
  const { decided, same, dropped, failed } = await readCounts(file, start.start, tally);
  return {
    config: start.config,
    since: start.start,
    tally: { ...tally, decided, same },
    ...{ dropped, failed },
    differences: differences.toReversed(),
  };
}

/** Half written, or not written yet, it says no more than the differences. */
async function readCounts(
  file: string,
  start: number,
  { decided, same }: Tally,
): Promise<ShadowCounts> {
  try {
    const read = z.parse(countsFile, JSON.parse(await readOrNothing(fileOfCounts(file))));
    if (read.start === start) return read.counts;
  } catch {
    // As if there were none.
  }
  return { decided, same, dropped: 0, failed: 0 };
}

/** A line that is half written, or of another version, says nothing. */
function readLine(line: string) {
  try {
    return line === "" ? undefined : z.parse(anyLine, JSON.parse(line));
  } catch {
    return undefined;
  }
}

async function readOrNothing(file: string): Promise<string> {
  try {
    return new TextDecoder().decode(await readSmallFile(file));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
