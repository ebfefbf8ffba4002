/**
 * A day in fast motion: two hours' worth of a busy store's traffic of every kind in twenty minutes,
 * while the config changes, keys and the log are rotated, the receiver of forwards fails, somebody
 * has the console open and the retention makes room. Every answer is judged by its content. Fails
 * when one is wrong, when an event that was accepted does not arrive, when the journal outgrows its
 * limit, or when memory or descriptors grow. Needs Linux.
 *
 * Usage: deno task soak [--minutes N] [--rate REQUESTS_A_SECOND]
 */
import { join } from "@std/path";
import { parseArgs } from "@std/cli/parse-args";
import * as z from "zod";
import { memoryOf, openDescriptors } from "./load/usage.ts";
import { newConsoleToken, openConsole } from "./soak/console.ts";
import { startFailingReceiver } from "./soak/receiver.ts";
import { DESTINATION, prepareTraffic } from "./soak/requests.ts";
import { growth, type Sample } from "./soak/trend.ts";
import { journalIn, startStorehook } from "./storehook.ts";

const { minutes, rate } = z.object({
  minutes: z.coerce.number().positive().default(20),
  rate: z.coerce.number().int().positive().default(120),
}).parse(parseArgs(Deno.args, { string: ["minutes", "rate"] }));

const CHANGE_EVERY_MS = 15_000;
/** Every fourth change is a mistake, which is not served. */
const MISTAKE_EVERY = 4;
const LOOK_EVERY_MS = 1000;
const SAMPLE_EVERY_MS = 5000;
/** So many requests are under way at most. */
const CONNECTIONS = 32;
/** What is left out of the judgement: the memory of a program that has just begun grows. */
const WARM_UP = 0.4;
/** What the collector of garbage may leave behind by chance. */
const MAX_GROWTH_MIB = 32;
/** The connections of the load may be closed by one sample and not yet by another. */
const MAX_MORE_DESCRIPTORS = CONNECTIONS + 8;
const JOURNAL_BYTES = 48 * 1024 * 1024;
const LOG = { file: "logs/soak.log", maxBytes: 1_000_000, maxFiles: 3 };
/** How long the last forwards may take. */
const ARRIVE_MS = 120_000;
/** So many mistakes are told; more say nothing new. */
const MOST_TOLD = 20;

const facts = z.object({ adminUrl: z.string() });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function soak(folder: string): Promise<readonly string[]> {
  await using receiver = startFailingReceiver();
  const traffic = prepareTraffic();
  const { token, settings: console_ } = newConsoleToken();
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const configOf = (change: number) => ({
    endpoints: traffic.endpoints(change),
    destinations: {
      [DESTINATION]: {
        type: "http",
        url: receiver.url,
        secret,
        retrySeconds: [1, 1, 2, 2, 3, 5, 5, 10, 10, 10],
        maxPauseMs: 2000,
        // A fifth of the time it fails: what came then is made up for, also beside other programs.
        ratePerSecond: 500,
        concurrency: 16,
      },
    },
    journal: { maxBytes: JOURNAL_BYTES },
    console: console_,
    log: LOG,
  });
  await using server = await startStorehook({ folder, config: configOf(0) });
  const file = join(folder, "config.json");
  const served = z.record(z.string(), z.unknown()).parse(JSON.parse(await Deno.readTextFile(file)));
  const running = facts.parse(
    JSON.parse(await Deno.readTextFile(`${journalIn(folder)}-server.json`)),
  );
  const watching = openConsole(running.adminUrl, token);

  const wrong: string[] = [];
  const note = (mistake: string | undefined) => {
    if (mistake !== undefined) wrong.push(mistake);
  };
  const noteError = (error: unknown) => note(String(error));
  const endAt = performance.now() + minutes * 60_000;
  const isOver = () => performance.now() >= endAt || wrong.length >= MOST_TOLD;
  let sent = 0;
  let changes = 0;

  /** As many wait at a time as are needed for the rate, and no more. */
  async function sendInTurn(startedAt: number): Promise<void> {
    while (!isOver()) {
      const number = sent++;
      await pause(Math.max(0, startedAt + number / rate * 1000 - performance.now()));
      await traffic.send(server.url, number).then(note, noteError);
    }
  }
  async function repeat(everyMs: number, act: () => Promise<void>): Promise<void> {
    while (!isOver()) {
      await pause(everyMs);
      await act().catch(noteError);
    }
  }
  async function change(): Promise<void> {
    changes++;
    const next = { ...served, ...configOf(changes) };
    const text = changes % MISTAKE_EVERY === 0 ? { ...next, endpoints: [{ path: "no" }] } : next;
    // As an editor does it: whoever reads it never sees half of it.
    await Deno.writeTextFile(`${file}.new`, JSON.stringify(text));
    await Deno.rename(`${file}.new`, file);
  }
  const memory: Sample[] = [];
  const descriptors: Sample[] = [];
  async function sample(): Promise<void> {
    const { residentMiB } = await memoryOf(server.pid);
    const open = await openDescriptors(server.pid);
    const bytes = await sizeOf(journalIn(folder)) + await sizeOf(`${journalIn(folder)}-wal`);
    memory.push({ requests: sent, value: residentMiB });
    descriptors.push({ requests: sent, value: open });
    if (bytes > JOURNAL_BYTES) note(`the journal has ${bytes} bytes, more than ${JOURNAL_BYTES}`);
    const logs = (await Array.fromAsync(Deno.readDir(join(folder, "logs")))).length;
    if (logs > LOG.maxFiles) note(`there are ${logs} files of the log, more than ${LOG.maxFiles}`);
    console.log(
      `${sent} requests, ${changes} changes, ${receiver.failures()} failed forwards: memory ` +
        `${residentMiB.toFixed(0)} MiB, ${open} descriptors, journal ` +
        `${(bytes / 1_048_576).toFixed(0)} MiB, ${logs} logs, ${wrong.length} wrong`,
    );
  }

  const startedAt = performance.now();
  await Promise.all([
    ...Array.from({ length: CONNECTIONS }, () => sendInTurn(startedAt)),
    repeat(CHANGE_EVERY_MS, change),
    repeat(LOOK_EVERY_MS, async () => note(await watching.look())),
    repeat(SAMPLE_EVERY_MS, sample),
  ]);
  if (watching.heard() === 0) note("the console's stream brought nothing");
  watching.close();
  note(await whatDidNotArrive(traffic.accepted, receiver.taken));
  for (const mistake of judgeGrowth(memory, descriptors)) note(mistake);
  return wrong;
}

async function whatDidNotArrive(
  accepted: ReadonlySet<string>,
  taken: ReadonlySet<string>,
): Promise<string | undefined> {
  const endAt = performance.now() + ARRIVE_MS;
  for (;;) {
    const { size } = accepted.difference(taken);
    if (size === 0) return undefined;
    if (performance.now() > endAt) return `${size} of ${accepted.size} events did not arrive`;
    await pause(1000);
  }
}

function judgeGrowth(memory: readonly Sample[], descriptors: readonly Sample[]): readonly string[] {
  const warm = (samples: readonly Sample[]) => samples.slice(Math.floor(samples.length * WARM_UP));
  const grown = [
    { what: "MiB of memory", by: growth(warm(memory)), most: MAX_GROWTH_MIB },
    { what: "descriptors", by: growth(warm(descriptors)), most: MAX_MORE_DESCRIPTORS },
  ];
  for (const { what, by, most } of grown) {
    console.log(
      `after the first ${WARM_UP * 100} %: ${by.toFixed(1)} ${what} more, at most ${most}`,
    );
  }
  return grown.filter(({ by, most }) => by > most).map(({ what, by }) => `${by} ${what} more`);
}

async function sizeOf(path: string): Promise<number> {
  return (await Deno.stat(path).catch(() => undefined))?.size ?? 0;
}

const folder = await Deno.makeTempDir();
try {
  const wrong = await soak(folder);
  for (const mistake of wrong) console.error(mistake);
  console.log(wrong.length === 0 ? "Nothing was wrong" : `${wrong.length} were wrong`);
  Deno.exitCode = wrong.length === 0 ? 0 : 1;
} finally {
  await Deno.remove(folder, { recursive: true });
}
