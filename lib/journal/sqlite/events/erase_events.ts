import { ERASED, isNotDone } from "../../forward_status.ts";
import type { RoleTest } from "../../mention_roles.ts";
import { bytes, integer, nullable, type Row, text, wholeTexts } from "../columns.ts";
import { createDeliveryEraser, DELIVERY_CONTENT } from "../deliveries/erase_delivery.ts";
import type { WriteSession } from "../session.ts";
import type { Keeper } from "../upkeep/keeper.ts";
import { sweep, type Swept } from "../upkeep/sweep.ts";

const NEXT_EVENT = `
  SELECT seq, delivery_id, source, candidates, warnings, payload,
    ${wholeTexts("events", ["key", "type", "subject"])} FROM events
  WHERE seq > ? ORDER BY seq LIMIT 1`;
const NEXT_RECENT = `
  SELECT seq, ${wholeTexts("recent_events", ["key", "subject"])},
    EXISTS (SELECT 1 FROM events WHERE id = event_id AND erased_at IS NOT NULL) AS is_erased
  FROM recent_events WHERE seq > ? AND key IS NOT NULL ORDER BY seq LIMIT 1`;

/** The key goes too: it may be made of the payload, and who knows that could recognize it. */
const BLANK_EVENT = `
  UPDATE events SET erased_at = unixepoch() * 1000, key = NULL, subject = '', candidates = '[]',
    warnings = '[]', payload_bytes = 0, payload = x'', source = ?, type = ?
  WHERE seq = ?`;

/** Which events go. */
export interface EventErasure {
  /** Tells what names the person. */
  readonly judge: RoleTest;
  /** The same, for what is meant alone. */
  readonly roleOf: RoleTest;
  /** Counts what would go, and changes nothing. */
  readonly dryRun: boolean;
  /** The ids of deliveries that are counted already. */
  readonly cleared: ReadonlySet<string>;
}

/** What was erased because of events. */
export interface ErasedEvents {
  readonly events: Swept;
  /** Those in which the address was not seen, because of how their bodies are packed for example. */
  readonly deliveries: Swept;
  /** What was called off. */
  readonly forwards: number;
}

/**
 * Takes a person's data out of events, and calls off what is not forwarded yet: there is nothing
 * left to send.
 *
 * @param keeper Gives the session.
 * @param erasure Which events.
 * @returns How much held it.
 */
export async function eraseEvents(keeper: Keeper, erasure: EventErasure): Promise<ErasedEvents> {
  const { judge, roleOf, dryRun } = erasure;
  const cleared = new Set(erasure.cleared);
  const deliveries = { all: 0, ofStore: 0 };
  let forwards = 0;
  const events = await sweep(keeper, {
    dryRun,
    table: "events",
    next: NEXT_EVENT,
    roleOf: (row) => roleOf(contentsOf(row)),
    clear(session) {
      const eraseEvent = eventEraser(session, judge, dryRun);
      const eraseDelivery = createDeliveryEraser(session.database, judge);
      const findDelivery = session.database.prepare(`
        SELECT seq, ${DELIVERY_CONTENT} FROM deliveries WHERE id = ? AND erased_at IS NULL`);
      return (row, role) => {
        forwards += eraseEvent(row);
        const delivery = findDelivery.get(text(row, "delivery_id"));
        if (delivery === undefined || cleared.has(text(delivery, "id"))) return;
        cleared.add(text(delivery, "id"));
        if (!dryRun) eraseDelivery(delivery);
        deliveries.all++;
        if (role === "store") deliveries.ofStore++;
      };
    },
  });
  await eraseRecentEvents(keeper, { roleOf, dryRun });
  return { events, deliveries, forwards };
}

/** What the rule for repeats knows of them goes too. */
async function eraseRecentEvents(
  keeper: Keeper,
  { roleOf, dryRun }: Pick<EventErasure, "roleOf" | "dryRun">,
): Promise<void> {
  const roleOfSubject = (row: Row) => roleOf([nullable(row, "subject", text) ?? ""]);
  await sweep(keeper, {
    dryRun,
    table: "recent_events",
    next: NEXT_RECENT,
    roleOf: (row) =>
      integer(row, "is_erased") === 1
        ? "shopper"
        : roleOfSubject(row) ?? roleOf([text(row, "key")]),
    clear({ database }) {
      const remove = database.prepare("DELETE FROM recent_events WHERE seq = ?");
      // That something came of the subject stays known: what was before it is not the newest.
      const blank = database.prepare(
        "UPDATE recent_events SET key = NULL, content = NULL WHERE seq = ?",
      );
      return (row) => {
        if (!dryRun) (roleOfSubject(row) === null ? blank : remove).run(integer(row, "seq"));
      };
    },
  });
}

function contentsOf(row: Row): readonly (string | Uint8Array)[] {
  const texts = ["subject", "source", "type", "candidates", "warnings"];
  return [
    bytes(row, "payload"),
    nullable(row, "key", text) ?? "",
    ...texts.map((column) => text(row, column)),
  ];
}

/** Erases an event, and counts what is called off. */
function eventEraser(
  { database, forwardStates }: WriteSession,
  roleOf: RoleTest,
  dryRun: boolean,
): (row: Row) => number {
  const blank = database.prepare(BLANK_EVENT);
  const blankForwards = database.prepare("UPDATE forwards SET subject = '' WHERE event = ?");
  // What a destination answered may quote what it was sent.
  const blankAttempts = database.prepare(`
    UPDATE attempts SET error = '${ERASED}' WHERE error IS NOT NULL
    AND forward IN (SELECT seq FROM forwards WHERE event = ?)`);
  const unlessNamed = (value: string) => roleOf([value]) === null ? value : "";
  return (row) => {
    const seq = integer(row, "seq");
    const notDone = forwardStates.ofEvent(seq).filter(({ state }) => isNotDone(state));
    if (dryRun) return notDone.length;
    for (const forward of notDone) forwardStates.move(forward, "cancelled", null);
    blankForwards.run(seq);
    blankAttempts.run(seq);
    blank.run(unlessNamed(text(row, "source")), unlessNamed(text(row, "type")), seq);
    return notDone.length;
  };
}
