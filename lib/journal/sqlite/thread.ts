/**
 * The thread that writes the journal: the program's own thread goes on with requests while this one
 * waits for the disk. The first message brings the settings, and a port for everything after it.
 */
import { clearImmediate, setImmediate } from "node:timers";
import { errorText } from "../errors.ts";
import type { JournalState } from "../journal.ts";
import { type Changes, createChanges } from "./changes.ts";
import type { ConnectionHolder } from "./connection_holder.ts";
import { createGroupCommit } from "./group_commit.ts";
import { awaitLock } from "./files.ts";
import {
  type Call,
  callOf,
  type CallOutcome,
  type SentCalls,
  type ThreadSettings,
  type Told,
  type ToThread,
} from "./remote_changes.ts";
import { openHolder } from "./open.ts";
import { unpackRecords } from "./packed_records.ts";
import { hasPresentSchema } from "./database.ts";

addEventListener("message", (event) => {
  if (!(event instanceof MessageEvent)) return;
  const settings: ThreadSettings = event.data;
  const [port] = event.ports;
  if (port !== undefined) serve(settings, port);
}, { once: true });

async function serve(settings: ThreadSettings, port: MessagePort): Promise<void> {
  const { tell, tellRecorded, send } = collecting(port);
  if (settings.isForeseen && !hasPresentSchema(settings.path)) {
    if (await nextMessage(port) === "close") {
      tell({ kind: "closed" });
      return;
    }
  }
  let holder: ConnectionHolder;
  try {
    await awaitLock(settings.path);
    holder = openHolder(settings.path, {
      ...settings,
      onReplaced: () => tell({ kind: "replaced" }),
      // At once: nothing else is done in this thread meanwhile.
      onMigrating: (done) => port.postMessage([{ kind: "migrating", done } satisfies Told]),
    });
  } catch (error) {
    tell({ kind: "not opened", error: errorText(error) });
    return;
  }
  const commits = createGroupCommit(holder, (commit) => tell({ kind: "commit", commit }));
  const changes = createChanges(holder, commits);
  const tellState = tellingState(holder, tell);
  const timer = setInterval(() => {
    tellState();
    if (holder.wasChangedByOthers()) tell({ kind: "changed" });
  }, settings.probeEveryMs);
  port.onmessage = ({ data }) => {
    const message: ToThread = data;
    if (message === "close") {
      clearInterval(timer);
      commits.end();
      holder.close();
      tell({ kind: "closed" });
      return;
    }
    // It was open by then.
    if (message === "open") return;
    const made = message.flatMap(callsOf).map(async (call) => {
      const outcome = await make(changes, call);
      if (call.method === "record" && isNothing(outcome)) tellRecorded(call.id);
      else tell({ kind: "outcome", outcome });
    });
    // They were collected already: there is nothing to wait for.
    commits.flush();
    tell({ kind: "taken" });
    tellState();
    // Most often all are made by now, and whoever waits for them need not wait for another turn.
    Promise.all(made).then(send);
  };
  tell({ kind: "opened" });
}

function nextMessage(port: MessagePort): Promise<ToThread> {
  return new Promise((resolve) => {
    port.onmessage = ({ data }) => resolve(data);
  });
}

/** Sends together what is told in one turn: a message costs more than what it holds. */
function collecting(port: MessagePort) {
  let collected: Told[] = [];
  let recorded: number[] = [];
  let planned: ReturnType<typeof setImmediate> | undefined;

  function send(): void {
    clearImmediate(planned);
    planned = undefined;
    if (recorded.length > 0) collected.push({ kind: "recorded", calls: recorded });
    if (collected.length === 0) return;
    port.postMessage(collected);
    [collected, recorded] = [[], []];
  }

  return {
    tell(told: Told): void {
      planned ??= setImmediate(send);
      collected.push(told);
    },
    tellRecorded(call: number): void {
      planned ??= setImmediate(send);
      recorded.push(call);
    },
    send,
  };
}

function callsOf(sent: SentCalls): readonly Call[] {
  return "calls" in sent ? unpackRecords(sent).map(callOf) : [sent];
}

function isNothing(outcome: CallOutcome): boolean {
  return "value" in outcome && Array.isArray(outcome.value) && outcome.value.length === 0;
}

async function make(changes: Changes, { id, method, args }: Call): Promise<CallOutcome> {
  try {
    return { id, value: await Reflect.apply(changes[method], changes, args) };
  } catch (error) {
    return { id, error: errorText(error) };
  }
}

function tellingState(holder: ConnectionHolder, tell: (told: Told) => void): () => void {
  let last: JournalState = { writable: true };
  return () => {
    const state = holder.state();
    if (reasonOf(state) === reasonOf(last)) return;
    last = state;
    tell({ kind: "state", state });
  };
}

function reasonOf(state: JournalState): string | undefined {
  return state.writable ? undefined : state.reason;
}
