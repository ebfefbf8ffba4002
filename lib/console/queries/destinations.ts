/** Where events are forwarded: how each place fares. */
import { PAUSED_BY_HAND } from "../../forward/outbox.ts";
import type { DestinationSettings } from "../../forward/settings.ts";
import { disabledDetails, type NotDone, pausedDetails } from "../../journal/forwards_detail.ts";
import type { ConsoleContext } from "../context.ts";
import { isoOrNull } from "./records.ts";
import { shownUrl } from "./services.ts";

/** A destination and how it fares. */
export interface DestinationHealth {
  readonly name: string;
  readonly type: DestinationSettings["type"];
  /** Its URL or folder, without what may be secret. */
  readonly target: string;
  readonly state: "fine" | "failing" | "paused" | "disabled";
  /** How many attempts run. */
  readonly running: number;
  readonly failuresInRow: number;
  /** In ISO 8601. */
  readonly failingSince: string | null;
  readonly lastError: string | null;
  readonly notDone: NotDone;
  /** `isByHand` where somebody paused it; else it asked for that. */
  readonly paused:
    | {
      readonly since: string;
      readonly until: string;
      readonly status: number;
      readonly isByHand: boolean;
    }
    | null;
  readonly disabled: { readonly since: string; readonly reason: "gone" | "failing" } | null;
}

const NONE: NotDone = { waiting: 0, failed: 0, waitingBytes: 0, oldestWaitingSeconds: null };

/**
 * Tells how the destinations of the config fare.
 *
 * @param context What the console is given.
 */
export async function destinationsNow(
  { served, destinations, reader, journal, now }: ConsoleContext,
): Promise<readonly DestinationHealth[]> {
  const [{ notDone }, disabled, paused] = await Promise.all([
    reader.figures(),
    journal.outbox.disabled(),
    journal.outbox.paused(),
  ]);
  const states = new Map(destinations().map((state) => [state.name, state]));
  const disabledNow = disabledDetails(disabled);
  const pausedNow = pausedDetails(paused, now());
  return Object.entries(served().config.destinations).map(([name, settings]) => {
    const state = states.get(name);
    const isDisabled = disabledNow[name];
    const isPaused = pausedNow[name];
    return {
      name,
      type: settings.type,
      target: targetOf(settings),
      state: isDisabled !== undefined
        ? "disabled"
        : isPaused !== undefined
        ? "paused"
        : (state?.failuresInRow ?? 0) > 0
        ? "failing"
        : "fine",
      running: state?.running ?? 0,
      failuresInRow: state?.failuresInRow ?? 0,
      failingSince: isoOrNull(state?.failingSince ?? null),
      lastError: state?.lastError ?? null,
      notDone: notDone.destinations[name] ?? NONE,
      paused: isPaused === undefined
        ? null
        : { ...isPaused, isByHand: isPaused.status === PAUSED_BY_HAND },
      disabled: isDisabled ?? null,
    };
  });
}

function targetOf(settings: DestinationSettings): string {
  if ("url" in settings) return shownUrl(settings.url);
  return "path" in settings ? settings.path : "";
}
