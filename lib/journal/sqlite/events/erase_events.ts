import { isNotDone } from "../../forward_status.ts";
import type { MentionTest } from "../../mentions.ts";
import { bytes, integer, nullable, type Row, text } from "../columns.ts";
import { BLANK_DELIVERY } from "../deliveries/delivery_row.ts";
import type { Keeper } from "../upkeep/keeper.ts";
import type { WriteSession } from "../session.ts";
import { sweep } from "../upkeep/sweep.ts";

const NEXT_EVENT = `
  SELECT seq, delivery_id, key, subject, candidates, warnings, payload FROM events
  WHERE seq > ? ORDER BY seq LIMIT 1`;
const NEXT_KEY = "SELECT seq, key FROM past_keys WHERE seq > ? ORDER BY seq LIMIT 1";

/** The key goes too: it may be made of the payload, and who knows that could recognize it. */
const BLANK_EVENT = `
  UPDATE events SET erased_at = unixepoch() * 1000, key = NULL, subject = '', candidates = '[]',
    warnings = '[]', payload_bytes = 0, payload = x''
  WHERE seq = ?`;

/** What was erased because of events. */
export interface ErasedEvents {
  readonly events: number;
  /** Those in which the address was not seen, because their bodies are compressed for example. */
  readonly deliveries: number;
}

/**
 * Takes a person's data out of events, and calls off what is not forwarded yet: there is nothing
 * left to send.
 *
 * @param keeper Gives the session.
 * @param mentions Tells what holds the person's address.
 * @returns How much held it.
 */
export async function eraseEvents(keeper: Keeper, mentions: MentionTest): Promise<ErasedEvents> {
  let deliveries = 0;
  const events = await sweep(keeper, {
    table: "events",
    next: NEXT_EVENT,
    holds: (row) => eventMentions(row, mentions),
    clear(session) {
      const [eraseEvent, eraseDelivery] = [eventEraser(session), deliveryEraser(session)];
      return (row) => {
        eraseEvent(integer(row, "seq"));
        deliveries += eraseDelivery(text(row, "delivery_id"));
      };
    },
  });
  await sweep(keeper, {
    table: "past_keys",
    next: NEXT_KEY,
    holds: (row) => mentions(text(row, "key")),
    clear({ database }) {
      const remove = database.prepare("DELETE FROM past_keys WHERE seq = ?");
      return (row) => remove.run(integer(row, "seq"));
    },
  });
  return { events, deliveries };
}

function eventMentions(row: Row, mentions: MentionTest): boolean {
  return mentions(bytes(row, "payload")) || mentions(text(row, "subject")) ||
    mentions(nullable(row, "key", text) ?? "") || mentions(text(row, "candidates")) ||
    mentions(text(row, "warnings"));
}

function eventEraser({ database, forwardStates }: WriteSession): (seq: number) => void {
  const blank = database.prepare(BLANK_EVENT);
  const blankForwards = database.prepare("UPDATE forwards SET subject = '' WHERE event = ?");
  // What a destination answered may quote what it was sent.
  const blankAttempts = database.prepare(`
    UPDATE attempts SET error = NULL
    WHERE forward IN (SELECT seq FROM forwards WHERE event = ?)`);
  return (seq) => {
    for (const forward of forwardStates.ofEvent(seq)) {
      if (isNotDone(forward.state)) forwardStates.move(forward, "cancelled", null);
    }
    blankForwards.run(seq);
    blankAttempts.run(seq);
    blank.run(seq);
  };
}

function deliveryEraser({ database }: WriteSession): (id: string) => number {
  const blank = database.prepare(`${BLANK_DELIVERY} WHERE id = ? AND erased_at IS NULL`);
  return (id) => Number(blank.run(id).changes);
}
