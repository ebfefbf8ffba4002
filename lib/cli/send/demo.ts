import { bold, cyan, green, red, setColorEnabled } from "@std/fmt/colors";
import { join } from "@std/path";
import type { Handler } from "../../../handlers/handler.ts";
import { loadConfig, type Loaded } from "../../config/load.ts";
import type { ConfiguredEndpoint } from "../../config/schema.ts";
import { createExportRoutes } from "../../exports/routes.ts";
import { startServer } from "../../http/server.ts";
import { startServerJournal } from "../../journal/configured.ts";
import { retryWhileBusy } from "../../util/files.ts";
import { demoConfig, type SampleConfig } from "../config/init.ts";
import { errorWords } from "../terminal/format.ts";
import type { RunCommand } from "../terminal/table.ts";
import { VERSION } from "../version.ts";
import { isSignatureFine, judgeGoodAnswer, type Play, type Played, playSender } from "./play.ts";

const TIMEOUT_MS = 10_000;

/**
 * Makes `storehook demo`: the server, the store and the platforms in one process.
 *
 * @param handlers The kinds that can be played.
 * @param sample Writes the config that is served; kinds that it lacks are added.
 * @returns The command.
 */
export function demoCommand(handlers: readonly Handler[], sample: SampleConfig): RunCommand {
  return async (options, terminal) => {
    const folder = await Deno.makeTempDir({ prefix: "storehook-demo-" });
    try {
      if (options.flag("stay")) {
        const { stayWithDemo } = await import("./demo_stay.ts");
        return await stayWithDemo(folder, demoConfig(handlers, sample), handlers, terminal);
      }
      const { url, rows } = await playIn(folder, handlers, sample);
      terminal.out(
        options.flag("json")
          ? rows.map((row) => `${JSON.stringify(demoRecord(row))}\n`).join("")
          : formatDemo(url, rows, terminal.colour),
      );
      return rows.length > 0 && rows.every(({ complaint }) => complaint === undefined) ? 0 : 1;
    } finally {
      await retryWhileBusy(() => Deno.remove(folder, { recursive: true }));
    }
  };
}

/** Plays all there is, with the config and the journal in a folder that goes afterwards. */
async function playIn(
  folder: string,
  handlers: readonly Handler[],
  sample: SampleConfig,
): Promise<{ readonly url: string; readonly rows: readonly DemoRow[] }> {
  const { text, keys } = demoConfig(handlers, sample);
  const loaded = await loadText(text, folder, handlers);
  return await playConfig(loaded, handlers, ({ kind, path }) => ({
    ...{ key: keys.get(kind) ?? "", path, isAnybody: false },
  }));
}

/** Who calls an endpoint. */
interface Caller {
  readonly key: string;
  /** To which is sent: the endpoint's, and what lets in below it. */
  readonly path: string;
  /** Whether strangers are let in, too. */
  readonly isAnybody: boolean;
}

/**
 * Serves a config on a free port of loopback for as long as every platform is played against it.
 * What its endpoints would hand on stays where it is.
 *
 * @param loaded The config; its journal is opened.
 * @param handlers The kinds that can be played.
 * @param callerOf Who calls an endpoint.
 * @returns Where it listened, and what came of each request.
 */
export async function playConfig(
  { config, endpoints }: Pick<Loaded, "config" | "endpoints">,
  handlers: readonly Handler[],
  callerOf: (endpoint: ConfiguredEndpoint) => Caller,
): Promise<{ readonly url: string; readonly rows: readonly DemoRow[] }> {
  const journal = await startServerJournal().open(config.journal);
  try {
    const exports = createExportRoutes(journal, () => config.timeZone);
    const listening = { ...config.server, hostname: "127.0.0.1", port: 0 };
    const server = startServer(listening, { endpoints, journal, exports });
    const rows: DemoRow[] = [];
    try {
      for (const endpoint of config.endpoints) {
        rows.push(...await playEndpoint(endpoint, handlers, server.url, callerOf(endpoint)));
      }
    } finally {
      await server.stop();
    }
    return { url: server.url, rows };
  } finally {
    await journal.close();
  }
}

/** Loads a config as a file of this machine, on a free port of loopback. */
async function loadText(
  text: string,
  folder: string,
  handlers: readonly Handler[],
): Promise<Loaded> {
  const file = join(folder, "config.json");
  await Deno.writeTextFile(file, text);
  const loaded = await loadConfig({
    file,
    kinds: handlers,
    // The demo is the same everywhere, whatever is set for a real server here.
    env: () => undefined,
    flags: { hostname: "127.0.0.1", port: 0 },
  });
  if ("mistakes" in loaded) {
    const messages = loaded.mistakes.map(({ message }) => message).join("; ");
    throw new Error(`Cannot load the sample config: ${messages}`);
  }
  return loaded;
}

async function playEndpoint(
  { kind, path: shown }: ConfiguredEndpoint,
  handlers: readonly Handler[],
  serverUrl: string,
  { key, path, isAnybody }: Caller,
): Promise<readonly DemoRow[]> {
  const handler = handlers.find((candidate) => candidate.kind === kind);
  if (handler === undefined) throw new Error(`Cannot play "${kind}": no handler is of that kind`);
  const play: Play = {
    sender: handler.sample.sender,
    url: `${serverUrl}${path}`,
    key,
    isSample: true,
    body: new TextEncoder().encode(JSON.stringify(handler.sample.request)),
    language: "en-US",
    timeoutMs: TIMEOUT_MS,
  };
  const { sender } = handler.sample;
  const rows = [
    await playRow(shown, play, sender.status, (text) => judgeGoodAnswer(handler, text)),
  ];
  if (isAnybody) return rows;
  const strangerKey = sender.newKey();
  return [
    ...rows,
    await playRow("  with a wrong signature", { ...play, strangerKey }, 401, () => undefined),
  ];
}

async function playRow(
  request: string,
  play: Play,
  wantedStatus: number,
  judge: (text: string) => string | undefined,
): Promise<DemoRow> {
  try {
    const { status, text, signature } = await playSender(play);
    const complaint = status !== wantedStatus
      ? `Wanted status ${wantedStatus}`
      : !isSignatureFine({ signature })
      ? "Wanted a signature of the answer's bytes"
      : judge(text);
    return { request, status: String(status), answer: text, signature, complaint };
  } catch (error) {
    const complaint = errorWords(error);
    return { request, status: "", answer: "", signature: "missing", complaint };
  }
}

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
function demoRecord({ request, status, answer, signature, complaint }: DemoRow) {
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
