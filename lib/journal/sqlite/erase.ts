import type { DatabaseSync } from "node:sqlite";
import { ERASED, isNotDone } from "../forwards.ts";
import type { EraseOptions, EraseResult } from "../journal.ts";
import { type RoleTest, roleTest } from "../mentions.ts";
import type { ConnectionHolder } from "./connection_holder.ts";
import { bytesColumn, integerColumn, nullableColumn } from "../columns.ts";
import { createIdFinder, type Row, textColumn, wholeTexts } from "./rows.ts";
import { createDeliveryEraser, DELIVERY_CONTENT } from "./deliveries.ts";
import { shrink } from "./prune.ts";
import type { WriteSession } from "./session.ts";
import { inSteps, sweep, type Swept } from "./steps.ts";

const NEXT_DELIVERY = `
  SELECT seq, ${DELIVERY_CONTENT} FROM deliveries WHERE seq > ? ORDER BY seq LIMIT 1`;
const NEXT_VERSION = "SELECT seq, list FROM export_versions WHERE seq > ? ORDER BY seq LIMIT 1";
const NEXT_ATTEMPT = `
  SELECT seq, error FROM attempts WHERE seq > ? AND error IS NOT NULL ORDER BY seq LIMIT 1`;

const NEXT_AUDIT = `
  SELECT seq, who, target, result FROM console_audit WHERE seq > ? ORDER BY seq LIMIT 1`;

/**
 * Takes a person's data out of the file, also where it has been overwritten.
 *
 * @param holder Gives the session.
 * @param email The person's address.
 * @param options Which of it, and whether it is only counted.
 * @returns How much held it.
 * @throws {SyntaxError} When it is not an address.
 */
export async function erase(
  holder: ConnectionHolder,
  email: string,
  { dryRun = false, role: wanted }: EraseOptions = {},
): Promise<EraseResult> {
  const judge = roleTest(email);
  const roleOf: RoleTest = (contents) => {
    const role = judge(contents);
    return wanted === undefined || role === wanted ? role : null;
  };
  const cleared = new Set<string>();
  const deliveries = await sweep(holder, {
    dryRun,
    table: "deliveries",
    next: NEXT_DELIVERY,
    roleOf: (row) => roleOf(deliveryContents(row)),
    clear({ database }) {
      const eraseDelivery = createDeliveryEraser(database, judge);
      return (row) => {
        cleared.add(textColumn(row, "id"));
        if (!dryRun) eraseDelivery(row);
      };
    },
  });
  const exportVersions = await sweep(holder, {
    dryRun,
    table: "export_versions",
    next: NEXT_VERSION,
    roleOf: (row) => roleOf([bytesColumn(row, "list")]),
    clear: ({ database }) =>
      clearing(database, dryRun, "DELETE FROM export_versions WHERE seq = ?"),
  });
  const events = await eraseEvents(holder, { judge, roleOf, dryRun, cleared });
  await sweep(holder, {
    dryRun,
    table: "attempts",
    next: NEXT_ATTEMPT,
    roleOf: (row) => roleOf([textColumn(row, "error")]),
    clear: ({ database }) =>
      clearing(database, dryRun, `UPDATE attempts SET error = '${ERASED}' WHERE seq = ?`),
  });
  await sweep(holder, {
    dryRun,
    table: "console_audit",
    next: NEXT_AUDIT,
    roleOf: (row) => roleOf(["who", "target", "result"].map((name) => textColumn(row, name))),
    clear: ({ database }) =>
      clearing(
        database,
        dryRun,
        `UPDATE console_audit SET who = '${ERASED}', target = '${ERASED}', result = '${ERASED}'
          WHERE seq = ?`,
      ),
  });
  if (!dryRun) {
    await inSteps(holder.rest, (deadline) => shrink(holder, deadline));
    holder.session().emptyLog("cut");
  }
  return {
    deliveries: deliveries.all + events.deliveries.all,
    events: events.events.all,
    exportVersions: exportVersions.all,
    forwards: events.forwards,
    ofStore: {
      deliveries: deliveries.ofStore + events.deliveries.ofStore,
      events: events.events.ofStore,
      exportVersions: exportVersions.ofStore,
    },
  };
}

/** Statements are prepared once a step. */
function clearing(database: DatabaseSync, dryRun: boolean, sql: string): (row: Row) => void {
  const statement = database.prepare(sql);
  return (row) => {
    if (!dryRun) statement.run(integerColumn(row, "seq"));
  };
}

function deliveryContents(row: Row): readonly (string | Uint8Array)[] {
  return [
    bytesColumn(row, "body"),
    bytesColumn(row, "answer"),
    textColumn(row, "headers"),
    textColumn(row, "decisions"),
    nullableColumn(row, "note", textColumn) ?? "",
    textColumn(row, "endpoint"),
    textColumn(row, "request_id"),
  ];
}

const NEXT_EVENT = `
  SELECT seq, delivery_id, source, candidates, warnings, payload,
    ${wholeTexts("events", ["key", "type", "subject"])} FROM events
  WHERE seq > ? ORDER BY seq LIMIT 1`;
const NEXT_RECENT = `
  SELECT seq, ${wholeTexts("recent_events", ["key", "subject"])},
    event_id FROM recent_events WHERE seq > ? AND key IS NOT NULL ORDER BY seq LIMIT 1`;

/** The key goes too: it may be made of the payload, and who knows that could recognize it. */
const BLANK_EVENT = `
  UPDATE events SET erased_at = unixepoch() * 1000, key = NULL, subject = '', candidates = '[]',
    warnings = '[]', payload_bytes = 0, payload = x'', source = ?, type = ?
  WHERE seq = ?`;

/** Which events go. */
interface EventErasure {
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
interface ErasedEvents {
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
 * @param holder Gives the session.
 * @param erasure Which events.
 * @returns How much held it.
 */
async function eraseEvents(holder: ConnectionHolder, erasure: EventErasure): Promise<ErasedEvents> {
  const { judge, roleOf, dryRun } = erasure;
  const cleared = new Set(erasure.cleared);
  const deliveries = { all: 0, ofStore: 0 };
  let forwards = 0;
  const events = await sweep(holder, {
    dryRun,
    table: "events",
    next: NEXT_EVENT,
    roleOf: (row) => roleOf(eventContents(row)),
    clear(session) {
      const eraseEvent = eventEraser(session, judge, dryRun);
      const eraseDelivery = createDeliveryEraser(session.database, judge);
      const findDelivery = session.database.prepare(`
        SELECT seq, ${DELIVERY_CONTENT} FROM deliveries WHERE seq = ? AND erased_at IS NULL`);
      const seqOf = createIdFinder(session.database, "deliveries");
      return (row, role) => {
        forwards += eraseEvent(row);
        const delivery = findDelivery.get(seqOf(textColumn(row, "delivery_id")) ?? -1);
        if (delivery === undefined || cleared.has(textColumn(delivery, "id"))) return;
        cleared.add(textColumn(delivery, "id"));
        if (!dryRun) eraseDelivery(delivery);
        deliveries.all++;
        if (role === "store") deliveries.ofStore++;
      };
    },
  });
  await eraseRecentEvents(holder, { roleOf, dryRun });
  return { events, deliveries, forwards };
}

/** What the rule for repeats knows of them goes too. */
async function eraseRecentEvents(
  holder: ConnectionHolder,
  { roleOf, dryRun }: Pick<EventErasure, "roleOf" | "dryRun">,
): Promise<void> {
  const roleOfSubject = (row: Row) => roleOf([nullableColumn(row, "subject", textColumn) ?? ""]);
  let used: DatabaseSync | undefined;
  let isErased = (_id: string) => false;
  await sweep(holder, {
    dryRun,
    table: "recent_events",
    next: NEXT_RECENT,
    roleOf(row) {
      const { database } = holder.session();
      if (database !== used) isErased = erasedEventFinder(used = database);
      return isErased(textColumn(row, "event_id"))
        ? "shopper"
        : roleOfSubject(row) ?? roleOf([textColumn(row, "key")]);
    },
    clear({ database }) {
      const remove = database.prepare("DELETE FROM recent_events WHERE seq = ?");
      // That something came of the subject stays known: what was before it is not the newest.
      const blank = database.prepare(
        "UPDATE recent_events SET key = NULL, content = NULL, key_number = 0 WHERE seq = ?",
      );
      return (row) => {
        if (!dryRun) (roleOfSubject(row) === null ? blank : remove).run(integerColumn(row, "seq"));
      };
    },
  });
}

function erasedEventFinder(database: DatabaseSync): (id: string) => boolean {
  const seqOf = createIdFinder(database, "events");
  const find = database.prepare("SELECT 1 FROM events WHERE seq = ? AND erased_at IS NOT NULL");
  return (id) => find.get(seqOf(id) ?? -1) !== undefined;
}

function eventContents(row: Row): readonly (string | Uint8Array)[] {
  const texts = ["subject", "source", "type", "candidates", "warnings"];
  return [
    bytesColumn(row, "payload"),
    nullableColumn(row, "key", textColumn) ?? "",
    ...texts.map((column) => textColumn(row, column)),
  ];
}

/** Erases an event, and counts what is called off. */
function eventEraser(
  { database, counts, forwardStates }: WriteSession,
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
    const seq = integerColumn(row, "seq");
    const notDone = forwardStates.ofEvent(seq).filter(({ state }) => isNotDone(state));
    if (dryRun) return notDone.length;
    for (const forward of notDone) forwardStates.move(forward, "cancelled", null);
    if (textColumn(row, "warnings") !== "[]") counts.add("events", "with warnings", -1);
    blankForwards.run(seq);
    blankAttempts.run(seq);
    blank.run(unlessNamed(textColumn(row, "source")), unlessNamed(textColumn(row, "type")), seq);
    return notDone.length;
  };
}
