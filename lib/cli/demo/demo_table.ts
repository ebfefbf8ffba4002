import { bold, cyan, green, red, setColorEnabled } from "@std/fmt/colors";
import { isSignatureFine, type Played } from "../send/play.ts";
import { VERSION } from "../version.ts";

/** One request of the demo and what came of it. */
export interface DemoRow {
  readonly request: string;
  /** The answer's status, empty without an answer. */
  readonly status: string;
  /** The answer's body. */
  readonly answer: string;
  readonly signature: Played["signature"];
  /** What is not as wanted; `undefined` when all is. */
  readonly complaint: string | undefined;
}

/**
 * Turns a request of the demo into what machines read.
 *
 * @param row The request.
 * @returns An object to be written as JSON.
 */
export function demoRecord({ request, status, answer, signature, complaint }: DemoRow) {
  return {
    request: request.trim(),
    status: status === "" ? null : Number(status),
    answer,
    signature,
    asWanted: complaint === undefined,
    ...(complaint === undefined ? {} : { complaint }),
  };
}

// Together with the gaps, 100 columns.
const REQUEST_WIDTH = 24;
const STATUS_WIDTH = 3;
const ANSWER_WIDTH = 58;
const GAP = "  ";

/**
 * Writes the demo's requests and answers as a table of at most 100 columns.
 *
 * @param url Where the server listened.
 * @param rows The requests, in order.
 * @param colour Whether to colour it.
 * @returns Whole lines: where it was, the table, and how many answers are as wanted.
 */
export function formatDemo(url: string, rows: readonly DemoRow[], colour: boolean): string {
  setColorEnabled(colour);
  const fine = rows.filter(({ complaint }) => complaint === undefined).length;
  const total = `${fine} of ${rows.length} answers are as wanted`;
  return [
    `${bold(`Storehook ${VERSION}`)} listened on ${url}, and the store was played against it`,
    "",
    bold(line("request", "", "answer", "signature")),
    ...rows.flatMap(formatRow),
    "",
    fine === rows.length ? green(total) : red(total),
    "",
  ].join("\n");
}

function formatRow(row: DemoRow): readonly string[] {
  const paint = row.complaint === undefined ? green : red;
  const [first = "", ...more] = cut(row.answer, ANSWER_WIDTH);
  // Cells are padded before they are painted: the codes of a colour take no columns.
  return [
    [
      cyan(row.request.padEnd(REQUEST_WIDTH)),
      paint(row.status.padEnd(STATUS_WIDTH)),
      first.padEnd(ANSWER_WIDTH),
      (isSignatureFine(row) ? green : red)(row.signature),
    ].join(GAP),
    ...more.map((text) => line("", "", text, "")),
    ...row.complaint === undefined ? [] : [line("", "", paint(row.complaint), "")],
  ];
}

function line(request: string, status: string, answer: string, signature: string): string {
  return [
    request.padEnd(REQUEST_WIDTH),
    status.padEnd(STATUS_WIDTH),
    answer.padEnd(ANSWER_WIDTH),
    signature,
  ].join(GAP).trimEnd();
}

/** Cuts a text into pieces, so that a long answer is shown whole. */
function cut(text: string, width: number): readonly string[] {
  const count = Math.ceil(text.length / width);
  return Array.from(
    { length: count },
    (_, index) => text.slice(index * width, (index + 1) * width),
  );
}
