import { bold, setColorEnabled } from "@std/fmt/colors";
import { resolve } from "@std/path";
import type { EndpointKind } from "../config/endpoints/endpoint_kind.ts";
import { withoutCredentials } from "../config/secrets.ts";
import { isoOrNull } from "../console/queries/records.ts";
import type { ForwardCounts } from "../journal/forwards.ts";
import { disabledDetails, pausedDetails } from "../journal/forwards_detail.ts";
import type { Journal } from "../journal/journal.ts";
import { messageOf } from "../util/words.ts";
import { describeDisabledDestination, describePausedDestination } from "./forwards/forwards.ts";
import { findJournal, lookInto } from "./records/open_journal.ts";
import { FORWARD_STATES } from "./table/shared.ts";
import { formatCount, formatSize, printable } from "./terminal/format.ts";
import type { RunCommand } from "./terminal/table.ts";
import { formatExactTimestamp } from "../util/timestamp.ts";

/**
 * Makes `storehook journal info`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function journalInfoCommand(kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
    const section = await findJournal({ config: options.text("config"), kinds }, terminal);
    if (section === undefined) return 2;
    return await lookInto(section, terminal, async (journal) => {
      const info = {
        path: section.url === undefined ? section.path : withoutCredentials(section.url),
        ...await journal.counts(),
        ...await span(journal),
        ...await ingested(journal),
      };
      terminal.out(
        options.flag("json") ? `${JSON.stringify(inIso(info))}\n` : describe(info, terminal),
      );
      return 0;
    });
  };
}

interface Info
  extends
    Awaited<ReturnType<Journal["counts"]>>,
    Awaited<ReturnType<typeof span>>,
    Awaited<ReturnType<typeof ingested>> {
  /** The file, or the URL of the database. */
  readonly path: string;
}

/** When the first and the last delivery came, in milliseconds since the epoch. */
async function span(journal: Journal) {
  const oldest = await firstOf(journal.each());
  const [newest] = (await journal.list({ limit: 1 })).deliveries;
  return { oldest: oldest?.receivedAt ?? null, newest: newest?.receivedAt ?? null };
}

async function firstOf<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  for await (const item of items) return item;
  return undefined;
}

/** What came in to be handed on, and where that stands. */
async function ingested({ events, outbox }: Journal) {
  const { events: count, withWarnings } = await events.counts();
  return {
    events: count,
    eventsWithWarnings: withWarnings,
    forwards: await outbox.countsByState(),
    waiting: await waitingBytes(outbox),
    disabled: await outbox.disabled(),
    paused: new Map([...await outbox.paused()].filter(([, { until }]) => until > Date.now())),
  };
}

/** How many bytes wait, by destination. */
async function waitingBytes(outbox: Journal["outbox"]): Promise<ReadonlyMap<string, number>> {
  const all = Array.from(
    await outbox.counts(),
    ([name, { waitingBytes }]) => [name, waitingBytes] as const,
  );
  return new Map(all.filter(([, bytes]) => bytes > 0));
}

function inIso({ oldest, newest, waiting, disabled, paused, ...info }: Info) {
  return {
    ...info,
    oldest: isoOrNull(oldest),
    newest: isoOrNull(newest),
    waitingBytes: Object.fromEntries(waiting),
    disabled: disabledDetails(disabled),
    paused: pausedDetails(paused),
  };
}

function describe(info: Info, { colour }: { readonly colour: boolean }): string {
  setColorEnabled(colour);
  const when = (at: number | null) => at === null ? "-" : formatExactTimestamp(at);
  return [
    bold(info.path),
    `  deliveries   ${formatCount(info.accepted)} accepted, ${formatCount(info.refused)} refused`,
    `  oldest       ${when(info.oldest)}`,
    `  newest       ${when(info.newest)}`,
    `  events       ${formatCount(info.events)}, ${
      formatCount(info.eventsWithWarnings)
    } with warnings`,
    `  forwards     ${countForwards(info.forwards)}`,
    ...Array.from(
      info.waiting,
      ([name, bytes]) => `  waiting      ${formatSize(bytes)} for ${printable(name)}`,
    ),
    ...Array.from(
      info.disabled,
      ([name, one]) => `  disabled     ${describeDisabledDestination(name, one)}`,
    ),
    ...Array.from(
      info.paused,
      ([name, one]) => `  paused       ${describePausedDestination(name, one)}`,
    ),
    `  exports      ${formatCount(info.exports, "list")}`,
    `  size         ${formatSize(info.bytes)}`,
    "",
  ].join("\n");
}

function countForwards(counts: ForwardCounts): string {
  return FORWARD_STATES.map((state) => `${formatCount(counts[state])} ${state}`).join(", ");
}

/**
 * Makes `storehook journal backup`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function journalBackupCommand(kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
    const section = await findJournal({ config: options.text("config"), kinds }, terminal);
    if (section === undefined) return 2;
    const file = resolve(options.words[0] ?? "");
    return await lookInto(section, terminal, async (journal) => {
      try {
        await journal.backup(file);
      } catch (error) {
        terminal.err(`${reasonOf(error, file)}\n`);
        return 1;
      }
      const { size } = await Deno.stat(file);
      terminal.out(
        options.flag("json")
          ? `${JSON.stringify({ file, bytes: size })}\n`
          : `Wrote ${file} (${formatSize(size)})\n`,
      );
      return 0;
    });
  };
}

function reasonOf(error: unknown, file: string): string {
  if (error instanceof Deno.errors.AlreadyExists) {
    return `Cannot write backup "${file}": it exists already, and is left as it is`;
  }
  if (error instanceof Deno.errors.NotFound) {
    return `Cannot write backup "${file}": its folder is missing`;
  }
  return `Cannot write backup "${file}": ${messageOf(error)}`;
}
