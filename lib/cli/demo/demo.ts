import { join } from "@std/path";
import type { Handler } from "../../../handlers/handler.ts";
import { loadConfig, type Loaded } from "../../config/load.ts";
import { createExportRoutes } from "../../exports/routes.ts";
import type { Endpoint } from "../../http/endpoint.ts";
import { startServer } from "../../http/server.ts";
import { memoryJournal } from "../../journal/memory/memory.ts";
import { judgeGoodAnswer } from "../send/answer_shape.ts";
import { demoConfig } from "./demo_config.ts";
import { demoRecord, type DemoRow, formatDemo } from "./demo_table.ts";
import { errorWords } from "../terminal/error_words.ts";
import type { SampleConfig } from "../config/init.ts";
import { isSignatureFine, type Play, playSender } from "../send/play.ts";
import type { RunCommand } from "../terminal/table.ts";

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
    const { text, keys } = demoConfig(handlers, sample);
    const loaded = await loadText(text, handlers);
    const journal = memoryJournal();
    const server = startServer(loaded.config.server, {
      endpoints: loaded.endpoints,
      journal,
      exports: createExportRoutes(journal, () => loaded.config.timeZone),
    });
    const rows: DemoRow[] = [];
    try {
      for (const endpoint of loaded.endpoints) {
        const key = keys.get(endpoint.kind) ?? "";
        rows.push(...await playEndpoint(endpoint, handlers, server.url, key));
      }
    } finally {
      await server.stop();
    }
    terminal.out(
      options.flag("json")
        ? rows.map((row) => `${JSON.stringify(demoRecord(row))}\n`).join("")
        : formatDemo(server.url, rows, terminal.colour),
    );
    return rows.length > 0 && rows.every(({ complaint }) => complaint === undefined) ? 0 : 1;
  };
}

/** Loads a config as if it stood in a file of this machine, on a free port of loopback. */
async function loadText(text: string, handlers: readonly Handler[]): Promise<Loaded> {
  const folder = await Deno.makeTempDir({ prefix: "storehook-demo-" });
  try {
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
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function playEndpoint(
  { kind, path }: Endpoint,
  handlers: readonly Handler[],
  serverUrl: string,
  key: string,
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
  const strangerKey = sender.newKey();
  return [
    await playRow(path, play, sender.status, (text) => judgeGoodAnswer(handler, text)),
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
