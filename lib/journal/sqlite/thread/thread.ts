/**
 * The thread that writes the journal: the program's own thread goes on with requests while this one
 * waits for the disk. The first message brings the settings, and a port for everything after it.
 */
import { setImmediate } from "node:timers";
import type { JournalState } from "../../journal.ts";
import { type Changes, createChanges } from "../changes.ts";
import { awaitLock } from "../file/lock.ts";
import { createGroupCommit } from "../group_commit.ts";
import { openKeeper } from "../open.ts";
import type { Keeper } from "../upkeep/keeper.ts";
import { errorText } from "./error_text.ts";
import type { Call, Outcome, ResultOf, ThreadSettings, Told, ToThread } from "./messages.ts";

addEventListener("message", (event) => {
  if (!(event instanceof MessageEvent)) return;
  const settings: ThreadSettings = event.data;
  const [port] = event.ports;
  if (port !== undefined) serve(settings, port);
}, { once: true });

async function serve(settings: ThreadSettings, port: MessagePort): Promise<void> {
  const tell = collecting(port);
  let keeper: Keeper;
  try {
    await awaitLock(settings.path);
    keeper = openKeeper(settings.path, settings);
  } catch (error) {
    tell({ kind: "not opened", error: errorText(error) });
    return;
  }
  const commits = createGroupCommit(keeper, (commit) => tell({ kind: "commit", commit }));
  const changes = createChanges(keeper, commits);
  const tellState = tellingState(keeper, tell);
  const timer = setInterval(tellState, settings.probeEveryMs);
  port.onmessage = ({ data }) => {
    const message: ToThread = data;
    if (message === "close") {
      clearInterval(timer);
      commits.flush();
      keeper.close();
      tell({ kind: "closed" });
      return;
    }
    for (const call of message) {
      make(changes, call).then((outcome) => tell({ kind: "outcome", outcome }));
    }
    // They were collected already: there is nothing to wait for.
    commits.flush();
    tell({ kind: "taken" });
    tellState();
  };
  tell({ kind: "opened" });
}

/** Sends together what is told in one turn: a message costs more than what it holds. */
function collecting(port: MessagePort): (told: Told) => void {
  let collected: Told[] = [];
  return (told) => {
    if (collected.length === 0) {
      setImmediate(() => {
        port.postMessage(collected);
        collected = [];
      });
    }
    collected.push(told);
  };
}

/** The changes, so that a method, what it takes and what it gives are known to belong together. */
type Methods = {
  readonly [Method in keyof Changes]: (
    ...args: Parameters<Changes[Method]>
  ) => Promise<ResultOf<Method>>;
};

async function make<Method extends keyof Changes>(
  methods: Methods,
  { id, method, args }: Call<Method>,
): Promise<Outcome<Method>> {
  try {
    return { id, method, value: await methods[method](...args) };
  } catch (error) {
    return { id, method, error: errorText(error) };
  }
}

function tellingState(keeper: Keeper, tell: (told: Told) => void): () => void {
  let last: JournalState = { writable: true };
  return () => {
    const state = keeper.state();
    if (reasonOf(state) === reasonOf(last)) return;
    last = state;
    tell({ kind: "state", state });
  };
}

function reasonOf(state: JournalState): string | undefined {
  return state.writable ? undefined : state.reason;
}
