/** The thread in which the console reads the journal. The first message says where it is. */
import { handlers } from "../../../handlers/mod.ts";
import { followConfiguredJournal, type JournalPlace } from "../../journal/configured.ts";
import { errorText } from "../../journal/errors.ts";
import { type ConsoleReader, createReader } from "./reader.ts";
import type { ReadCall, ReaderMessage, ReadOutcome } from "./remote.ts";

/** A journal whose file went may stay open in no thread: the one that writes waits for that. */
const LOOK_EVERY_MS = 500;

let reader: ConsoleReader | undefined;
let followed: Awaited<ReturnType<typeof followConfiguredJournal>> | undefined;
/** What is asked meanwhile waits. */
let beginning: Promise<void> | undefined;

addEventListener("message", (event) => {
  if (!(event instanceof MessageEvent)) return;
  const message: ReaderMessage = event.data;
  if (message === "close") {
    Promise.resolve(followed?.close()).finally(() => answer("closed"));
  } else if ("place" in message) beginning = begin(message.place);
  else read(message).then(answer);
});

async function begin(place: JournalPlace): Promise<void> {
  const journal = await followConfiguredJournal(place);
  followed = journal;
  reader = createReader(journal.reading, handlers);
  setInterval(journal.look, LOOK_EVERY_MS);
}

/** The window of the thread is what its messages go through. */
function answer(message: ReadOutcome | "closed"): void {
  const port: unknown = globalThis;
  (port as Worker).postMessage(message);
}

async function read({ id, method, args }: ReadCall): Promise<ReadOutcome> {
  try {
    await beginning;
    if (reader === undefined) throw new Error("Cannot read before it is known where");
    const value: unknown = await Reflect.apply(reader[method], reader, args);
    if (value === undefined) return { id, none: true };
    if (value instanceof Uint8Array) {
      return { id, bytes: new Uint8Array(value) };
    }
    return { id, json: JSON.stringify(value) };
  } catch (error) {
    return { id, error: errorText(error) };
  }
}
