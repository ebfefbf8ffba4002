import type { Config } from "../../config/schema.ts";
import type { Console } from "../../console/console.ts";
import type { ConsoleContext, ServedConfig } from "../../console/context.ts";
import type { RunningServices } from "../../console/queries/services.ts";
import { type RemoteReader, startReader } from "../../console/reader/remote.ts";
import { offerLink } from "../../console/session/sessions.ts";
import { startTraffic, type Traffic } from "../../console/traffic.ts";
import type { DestinationState } from "../../forward/worker.ts";
import type { Readiness } from "../../http/routes.ts";
import type { Journal } from "../../journal/journal.ts";
import type { Drafts } from "../../console/editing/draft.ts";
import type { RangeResult } from "../../trials/backtest/range.ts";
import type { DeliveryFilter } from "../../journal/delivery_filter.ts";
import type { LoadOptions } from "../../config/load.ts";
import { startBacktestThreads, type ThreadTrial } from "../trials/backtest_threads.ts";
import { createDraftJudge } from "../trials/draft_judge.ts";
import { lazy } from "../../util/memory.ts";
import { nextTurn } from "../../util/waiting.ts";

/** What the console is given of the program around it. */
export interface ConsoleTools extends Pick<ConsoleContext, "notServed" | "mistakes" | "version"> {
  /** How the config is loaded. */
  readonly load: LoadOptions;
  readonly services: RunningServices;
}

/** What of a loaded config the console shows. */
type Shown = Pick<ServedConfig, "config" | "endpoints" | "secrets" | "warnings">;

/** What it is given of what runs. */
interface ConsoleParts {
  readonly journal: Journal;
  readonly readiness: () => Promise<Readiness>;
  readonly destinations: () => readonly DestinationState[];
}

/** The console of a server that runs. */
export interface RunningConsole {
  /** Answers requests; its pages are loaded when the first one comes. */
  readonly answer: Console["answer"];
  /** Counts what is answered, beside another meter. */
  readonly meter: Traffic["meter"];
  /** Shows another config from now on. */
  readonly swap: (next: Shown) => void;
  readonly publicUrl: () => string | undefined;
  /** Makes a link that signs in once. */
  readonly link: (adminUrl: string) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** Whoever starts the server waits until it answers, and not until it has counted what came before. */
const FILL_AFTER_MS = 50;

/** So soon after the start the console is loaded where somebody may sign in. */
const AHEAD_MS = 200;

/**
 * What the console is made of, in pieces that are each loaded in a few milliseconds. The first comes
 * first: without a lock file Deno would look for preact in a copy that is not there, unless what needs
 * it as a peer is known before.
 */
const PARTS: readonly (() => Promise<unknown>)[] = [
  () => import("preact-render-to-string"),
  () => import("../../console/assets.ts"),
  () => import("../../console/docs/docs.ts"),
  () => import("../../console/parts/document.tsx"),
  () => import("../../console/pages/delivery.tsx"),
  () => import("../../console/pages/render.tsx"),
  () => import("../../console/api/records.ts"),
  () => import("../../console/api/running.ts"),
  () => import("../../console/api/openapi.ts"),
];

/**
 * Starts what the console needs from the start: who looks later sees what came before.
 *
 * @param first The config that is served at first.
 * @param parts What it is given of what runs.
 * @param tools What it is given of the program around it.
 */
export function startConsole(
  first: Shown,
  { journal, readiness, destinations }: ConsoleParts,
  { load: loading, services, notServed, mistakes, version }: ConsoleTools,
): RunningConsole {
  const remote: RemoteReader = startReader(first.config.journal);
  const traffic: Traffic = startTraffic({
    ...{ journal, reader: remote.reader, now: Date.now },
    fillAfterMs: FILL_AFTER_MS,
  });
  const startedAt = Date.now();
  const { file } = loading;
  const place = first.config.journal;
  const judging = createDraftJudge(loading);
  const waiting = new Set<() => void>();
  const drafts: Drafts = {
    judge: judging.judge,
    backtest: (text, filter, most) => backtest({ file, text, journal: place }, filter, most),
    nextServed: (signal) =>
      new Promise((resolve) => {
        const tell = () => {
          waiting.delete(tell);
          resolve(!signal.aborted);
        };
        waiting.add(tell);
        signal.addEventListener("abort", tell, { once: true });
      }),
  };
  let served: ServedConfig = { ...first, file, since: startedAt };
  let running: Console | undefined;
  const load = lazy(async () => {
    // The thread that reads begins meanwhile.
    remote.reader.figures().catch(() => undefined);
    // What is asked meanwhile does not wait until all of it is loaded.
    for (const part of PARTS) {
      await part();
      await nextTurn();
    }
    const [{ createConsole }, { handlers }] = await Promise.all([
      import("../../console/console.ts"),
      import("../../../handlers/mod.ts"),
    ]);
    const console = createConsole({
      ...{ reader: remote.reader, journal, handlers, readiness, destinations, services, traffic },
      ...{ drafts, notServed, mistakes, version, startedAt },
      served: () => served,
      now: Date.now,
    });
    running = console;
    return console;
  });
  const settings = (): Config["console"] => served.config.console;
  // Whoever may sign in sees a page at once then; whoever never opens it pays nothing.
  const isExpected = settings().users.length + settings().tokens.length > 0;
  const ahead = isExpected ? setTimeout(() => load().catch(() => undefined), AHEAD_MS) : undefined;
  return {
    answer: async (request, peer) => await (await load()).answer(request, peer),
    meter: traffic.meter,
    swap(next) {
      served = { ...next, file, since: Date.now() };
      for (const tell of [...waiting]) tell();
    },
    publicUrl: () => settings().publicUrl,
    async link(adminUrl) {
      const link = await offerLink(journal.console, adminUrl, "admin", Date.now());
      // Whoever gets it will come soon.
      load().catch(() => undefined);
      return link;
    },
    async stop() {
      clearTimeout(ahead);
      running?.stop();
      judging.end();
      await Promise.all([traffic.stop(), remote.close()]);
    },
  };
}

/** In a thread of its own, from beginning to end: no shopper waits. */
async function backtest(
  trial: ThreadTrial,
  filter: DeliveryFilter,
  most: number,
): Promise<RangeResult> {
  const threads = await startBacktestThreads(trial, 1);
  try {
    const [thread] = threads;
    if (thread === undefined) throw new Error("Cannot try a draft: no thread began");
    return await thread.decide(filter, most);
  } finally {
    for (const thread of threads) thread.end();
  }
}
