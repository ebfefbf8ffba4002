/** Changes of many forwards, which are counted first and then made of the same ones. */
import type { Disabled } from "../../forward/outbox.ts";
import {
  deliveredBefore,
  type ForwardFilter,
  type ForwardSelection,
  isIds,
  type JournalOutbox,
} from "../../journal/forwards.ts";

/** What can be done with forwards. */
export const FORWARD_ACTIONS = ["retry", "resend", "cancel"] as const;

/** One of {@linkcode FORWARD_ACTIONS}. */
export type ForwardAction = (typeof FORWARD_ACTIONS)[number];

/** What became of destinations whose forwards are sent again. */
export interface FreedDestinations {
  /** The one that was disabled and is enabled. */
  readonly enabled?: string;
  /** Those whose rest is ended. */
  readonly resumed: readonly string[];
  /** Those that stay disabled: nothing goes there. */
  readonly disabled: ReadonlyMap<string, Disabled>;
}

/**
 * Frees the destinations of a selection: a rest that one asked for is ended, and the one that is
 * named is enabled, for whoever wants all of it sent again wants it to arrive. Ids of forwards
 * enable nothing, for everything else that waits there would follow them.
 *
 * @param outbox Where.
 * @param selection Which forwards were made due.
 * @returns What was done, and what is in their way.
 */
export async function freeDestinations(
  outbox: JournalOutbox,
  selection: ForwardSelection,
): Promise<FreedDestinations> {
  if (isIds(selection)) {
    const names = new Set<string>();
    for (const id of selection) {
      const forward = await outbox.get(id);
      if (forward !== undefined) names.add(forward.destination);
    }
    const resumed = await resumeAll(outbox, names);
    const disabled = [...await outbox.disabled()].filter(([name]) => names.has(name));
    return { resumed, disabled: new Map(disabled) };
  }
  const { destination } = selection;
  if (destination === undefined) return { resumed: [], disabled: new Map() };
  const isEnabled = await outbox.enable(destination);
  const resumed = await resumeAll(outbox, new Set([destination]));
  return {
    ...(isEnabled ? { enabled: destination } : {}),
    resumed,
    disabled: new Map(),
  };
}

async function resumeAll(outbox: JournalOutbox, names: ReadonlySet<string>): Promise<string[]> {
  const paused = await outbox.paused();
  const resumed: string[] = [];
  for (const name of names) {
    const isResting = (paused.get(name)?.until ?? 0) > Date.now();
    if (paused.has(name) && await outbox.resume(name) && isResting) resumed.push(name);
  }
  return resumed;
}

/**
 * Narrows a selection to what an action is about, as of now: what comes later is none of it.
 *
 * @param action What is to be done.
 * @param selection Which forwards.
 * @param now What counts as now, in milliseconds since the epoch.
 */
export function meantBy(
  action: ForwardAction,
  selection: ForwardSelection,
  now: number,
): ForwardSelection {
  if (action === "resend") return deliveredBefore(selection, now);
  if (isIds(selection)) return selection;
  const until = Math.min(selection.until ?? now, now);
  return action === "retry" ? { state: "failed", ...selection, until } : { ...selection, until };
}

/**
 * Counts what an action would change.
 *
 * @param outbox Where forwards are.
 * @param action What is to be done.
 * @param meant What {@linkcode meantBy} gave.
 */
export async function countMeant(
  outbox: {
    readonly countForwards: (filter: ForwardFilter) => Promise<number>;
    readonly forward: (id: string) => Promise<{ readonly state: string } | undefined>;
  },
  action: ForwardAction,
  meant: ForwardSelection,
): Promise<number> {
  const states = action === "resend"
    ? ["delivered"]
    : action === "cancel"
    ? ["waiting", "failed"]
    : ["waiting", "failed", "cancelled"];
  if (isIds(meant)) {
    const found = await Promise.all(meant.map((id) => outbox.forward(id)));
    return found.filter((one) => one !== undefined && states.includes(one.state)).length;
  }
  if (meant.state !== undefined) {
    return states.includes(meant.state) ? await outbox.countForwards(meant) : 0;
  }
  const counts = await Promise.all(
    (["waiting", "failed"] as const).map((state) => outbox.countForwards({ ...meant, state })),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
