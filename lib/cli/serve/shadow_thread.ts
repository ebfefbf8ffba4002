/**
 * The thread of a shadow: it decides what the server has answered by another config, writes where
 * the two differ, and follows the file of that config. The first message says which, and brings a
 * port for everything after it.
 */
import { handlers } from "../../../handlers/mod.ts";
import { loadConfig } from "../../config/load.ts";
import { reportMistakes } from "../../config/mistake.ts";
import type { Difference } from "../../trials/backtest/compare.ts";
import { createShadowJudge, type ShadowJudge } from "../../trials/shadow_judge.ts";
import { openShadowLog, type ShadowCounts } from "../../trials/shadow_record.ts";
import { createFileReader, type SeenFiles, watchFiles } from "../../util/watch_files.ts";
import { messageOf } from "../../util/words.ts";
import type { ShadowBatch, ShadowResults, ShadowSettings, ToldByShadow } from "./shadow.ts";

addEventListener("message", (event) => {
  if (!(event instanceof MessageEvent)) return;
  const settings: ShadowSettings = event.data;
  const [port] = event.ports;
  if (port !== undefined) shadow(settings, port);
}, { once: true });

async function shadow(settings: ShadowSettings, port: MessagePort): Promise<void> {
  const tell = (told: ToldByShadow) => port.postMessage(told);
  const shadowLog = openShadowLog(settings.recordFile);
  let judge: ShadowJudge | undefined;
  let counts: ShadowCounts = newCounts();

  async function load(): Promise<SeenFiles> {
    const { read, seen } = createFileReader(settings.untouchable);
    const { file } = settings;
    const env = (name: string) => Deno.env.get(name);
    const loaded = await loadConfig({ file, kinds: handlers, env, readFile: read });
    if ("mistakes" in loaded) {
      tell({ rejected: reportMistakes(loaded.mistakes, { file, colour: false }) });
      return seen;
    }
    judge = createShadowJudge(loaded.endpoints, handlers);
    counts = newCounts();
    await shadowLog.start(file, Date.now());
    tell({ taken: loaded.endpoints.length });
    return seen;
  }

  async function decideBatch({ deliveries, dropped }: ShadowBatch): Promise<ShadowResults> {
    const results = { same: 0, answer: 0, rule: 0, ask: 0, failed: 0 };
    const differences: Difference[] = [];
    // Until there is a config nothing is decided.
    for (const delivery of judge === undefined ? [] : deliveries) {
      try {
        const difference = await judge?.(delivery);
        results[difference?.change ?? "same"]++;
        if (difference !== undefined) differences.push(difference);
      } catch {
        results.failed++;
      }
    }
    const { same, failed } = results;
    counts = {
      decided: counts.decided + same + differences.length,
      same: counts.same + same,
      failed: counts.failed + failed,
      dropped: counts.dropped + dropped,
    };
    if (judge !== undefined) await shadowLog.add(differences, counts);
    return results;
  }

  let working: Promise<unknown> = load().then((seen) => {
    // What is decided and what is loaded take turns.
    const onChange = () => {
      const reloaded = working.then(load);
      working = reloaded.catch(() => undefined);
      return reloaded;
    };
    watchFiles({ seen, untouchable: settings.untouchable, onChange });
  });
  port.onmessage = ({ data }) => {
    const batch: ShadowBatch = data;
    const done = working.then(() => decideBatch(batch));
    working = done.then(
      (results) => tell({ results }),
      (error) => tell({ failed: messageOf(error) }),
    );
  };
  await working;
}

function newCounts(): ShadowCounts {
  return { decided: 0, same: 0, dropped: 0, failed: 0 };
}
