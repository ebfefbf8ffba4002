/**
 * A thread of a backtest. The first message says which config is tried on which journal, and brings
 * a port for everything after it: one part after the other, to each of which one answer comes.
 */
import { handlers } from "../../../handlers/mod.ts";
import { readInPlaceOf } from "../../config/history.ts";
import { loadConfig } from "../../config/load.ts";
import { openConfiguredJournal } from "../../journal/configured.ts";
import { decideRange, type Trial } from "../../trials/backtest/range.ts";
import type { ThreadTrial, ToldByThread, TrialPart } from "./backtest_threads.ts";

addEventListener("message", (event) => {
  if (!(event instanceof MessageEvent)) return;
  const trial: ThreadTrial = event.data;
  const [port] = event.ports;
  if (port !== undefined) serve(trial, port);
}, { once: true });

async function serve(which: ThreadTrial, port: MessagePort): Promise<void> {
  const tell = (told: ToldByThread) => port.postMessage(told);
  const opened = open(which);
  port.onmessage = async ({ data }) => {
    const { filter, most }: TrialPart = data;
    try {
      tell({ result: await decideRange(await opened, { filter, most }) });
    } catch (error) {
      tell(errorOf(error));
    }
  };
  tell(await opened.then(() => ({}), errorOf));
}

function errorOf(error: unknown): ToldByThread {
  return { error: error instanceof Error ? error.message : String(error) };
}

async function open({ file, text, journal }: ThreadTrial): Promise<Trial> {
  const env = (name: string) => Deno.env.get(name);
  const draft = text === undefined ? {} : { readFile: readInPlaceOf(file, text) };
  const loaded = await loadConfig({ file, kinds: handlers, env, ...draft });
  if ("mistakes" in loaded) throw new Error(`Cannot load ${file} again: it has mistakes now`);
  return {
    endpoints: loaded.endpoints,
    kinds: handlers,
    journal: await openConfiguredJournal(journal, "read"),
  };
}
