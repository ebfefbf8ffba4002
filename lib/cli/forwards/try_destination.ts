import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { runAttempt } from "../../forward/attempt.ts";
import { createDestinations } from "../../forward/destinations.ts";
import type { Forward } from "../../forward/outbox.ts";
import { newDeliveryId } from "../../journal/delivery.ts";
import { nearest } from "../../util/words.ts";
import { loadOrComplain } from "../config/load.ts";
import { readBody, UsageError } from "../terminal/terminal.ts";
import { printable } from "../terminal/format.ts";
import type { RunCommand } from "../terminal/table.ts";

/** Nobody calls a test off: the destination ends it in time. */
const NEVER = new AbortController().signal;

/**
 * Makes `storehook forwards test`: one attempt, beside the journal.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function forwardsTestCommand(kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
    const [name = ""] = options.words;
    const loaded = await loadOrComplain({ config: options.text("config"), kinds }, terminal);
    if (loaded === undefined) return 2;
    const { byName } = createDestinations(loaded.config.destinations);
    const destination = byName.get(name);
    if (destination === undefined) throw unknownDestination(name, [...byName.keys()]);
    const file = options.text("body");
    const payload = file === undefined ? samplePayload(name) : await readBody(file, terminal);
    const forward = testForward(name, options.text("type") ?? "", payload);
    const finished = await runAttempt(destination, forward, Date.now(), NEVER);
    if (finished === undefined) return 1;
    const { result, durationMs } = finished;
    const record = {
      destination: name,
      delivered: result.delivered,
      status: result.status,
      durationMs,
      error: result.delivered ? null : result.error,
      webhookId: forward.event.id,
    };
    if (options.flag("json")) terminal.out(`${JSON.stringify(record)}\n`);
    else if (result.delivered) {
      const answer = result.status === null ? "" : `, answered ${result.status}`;
      terminal.out(`${printable(name)} took the test event${answer}, after ${durationMs} ms\n`);
    } else terminal.err(`${printable(name)} did not take it: ${printable(result.error)}\n`);
    return result.delivered ? 0 : 1;
  };
}

function unknownDestination(name: string, known: readonly string[]): UsageError {
  if (known.length === 0) return new UsageError("The config has no destinations");
  const near = nearest(name, known);
  const hint = near === undefined ? `wanted one of ${known.join(", ")}` : `did you mean "${near}"?`;
  return new UsageError(`The config has no destination "${name}", ${hint}`);
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
  const id = newDeliveryId();
  return {
    id: newDeliveryId(),
    destination,
    state: "waiting",
    attempts: 0,
    attemptsBefore: 0,
    createdAt: now,
    dueAt: now,
    event: {
      id,
      deliveryId: newDeliveryId(),
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
