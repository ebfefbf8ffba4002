/** The destinations of a config, opened, and one of them tried by hand. */
import { type Destination, runAttempt } from "./attempt.ts";
import { createFolderDestination } from "./folder_destination.ts";
import { createHttpDestination } from "./http_destination.ts";
import type { DestinationSettings } from "./settings.ts";
import type { Forward } from "./outbox.ts";

/** Destinations, and what they were made of. */
export interface MadeDestinations {
  readonly settings: Readonly<Record<string, DestinationSettings>>;
  readonly byName: ReadonlyMap<string, Destination>;
}

/**
 * Makes the destinations of a config.
 *
 * @param settings Their settings, by name.
 * @param before Those of the config before: what has the same name and settings is taken over.
 * @returns They.
 * @throws {RangeError} When a secret can't sign.
 */
export function createDestinations(
  settings: Readonly<Record<string, DestinationSettings>>,
  before?: MadeDestinations,
): MadeDestinations {
  const byName = Object.entries(settings).map(([name, one]) => {
    const isSame = JSON.stringify(before?.settings[name]) === JSON.stringify(one);
    const kept = isSame ? before?.byName.get(name) : undefined;
    return [name, kept ?? createDestination(one)] as const;
  });
  return { settings, byName: new Map(byName) };
}

function createDestination(settings: DestinationSettings): Destination {
  return settings.type === "http"
    ? createHttpDestination(settings)
    : createFolderDestination(settings);
}

/** Nobody calls a test off: the destination ends it in time. */
const NEVER = new AbortController().signal;

/** What came of a test. */
export interface DestinationTrial {
  readonly destination: string;
  readonly delivered: boolean;
  /** The status of its answer; `null` where there was none. */
  readonly status: number | null;
  readonly durationMs: number;
  /** Why it did not take it; `null` where it did. */
  readonly error: string | null;
  /** The id of the event that it was sent. */
  readonly webhookId: string;
}

/**
 * Sends a destination one event that is in no journal.
 *
 * @param name Its name.
 * @param destination The destination.
 * @param sent The type of the event, and its payload; one that says that it is a test unless given.
 * @returns What came of it; `undefined` when it was called off.
 */
export async function tryDestination(
  name: string,
  destination: Destination,
  { type, payload = samplePayload(name) }: {
    readonly type: string;
    readonly payload?: Uint8Array<ArrayBuffer>;
  },
): Promise<DestinationTrial | undefined> {
  const forward = testForward(name, type, payload);
  const finished = await runAttempt(destination, forward, Date.now(), NEVER);
  if (finished === undefined) return undefined;
  const { result, durationMs } = finished;
  return {
    destination: name,
    delivered: result.delivered,
    status: result.status,
    durationMs,
    error: result.delivered ? null : result.error,
    webhookId: forward.event.id,
  };
}

function samplePayload(destination: string): Uint8Array<ArrayBuffer> {
  const message = "A test of this destination: nothing has happened";
  return new TextEncoder().encode(JSON.stringify({ test: true, destination, message }));
}

/** A forward as the journal would give it, of an event that is in no journal. */
function testForward(
  destination: string,
  type: string,
  payload: Uint8Array<ArrayBuffer>,
): Forward {
  const now = Date.now();
  const id = crypto.randomUUID();
  return {
    id: crypto.randomUUID(),
    destination,
    state: "waiting",
    attempts: 0,
    attemptsBefore: 0,
    createdAt: now,
    dueAt: now,
    event: {
      id,
      deliveryId: crypto.randomUUID(),
      endpoint: "/forwards-test",
      source: "storehook",
      type,
      candidates: [],
      subject: "test/1",
      key: id,
      occurredAt: now,
      receivedAt: now,
      duplicates: 0,
      warnings: [],
      payload,
    },
  };
}
