import {
  cutRefused,
  type Delivery,
  fingerprint,
  type StoredDelivery,
} from "../../../../lib/journal/delivery.ts";
import type { RefusedLimits } from "../../../../lib/journal/journal.ts";

/** Deliveries in memory. */
export interface MemoryDeliveries {
  /**
   * Prepares to insert a delivery: what it returns inserts it, and can't fail.
   *
   * @throws {RangeError} When there is one of this id.
   */
  readonly prepare: (delivery: Delivery) => () => void;
  readonly get: (id: string) => StoredDelivery | undefined;
  /** Oldest first. */
  readonly inOrder: () => StoredDelivery[];
  readonly remove: (id: string) => void;
  /** Puts an erased delivery in the place of the one that it was. */
  readonly blank: (id: string, erasedAt: number, unlessNamed: (text: string) => string) => void;
  readonly bytes: () => number;
  readonly refused: () => number;
  readonly size: () => number;
}

/** What a delivery takes beside its bytes, roughly. */
const OVERHEAD_BYTES = 1024;

/**
 * Makes an empty collection.
 *
 * @param maxBytes The first ones go when all together take more.
 * @param limits How much of refused deliveries is kept.
 * @returns The collection.
 */
export function createMemoryDeliveries(maxBytes: number, limits: RefusedLimits): MemoryDeliveries {
  const accepted = new Map<string, StoredDelivery>();
  const refused = new Map<string, StoredDelivery>();
  const idsByContent = new Map<string, Set<string>>();
  const contentById = new Map<string, string>();
  let bytes = 0;

  function get(id: string): StoredDelivery | undefined {
    return accepted.get(id) ?? refused.get(id);
  }

  function forgetContent(id: string): void {
    const content = contentById.get(id);
    contentById.delete(id);
    if (content === undefined) return;
    const ids = idsByContent.get(content);
    ids?.delete(id);
    if (ids?.size === 0) idsByContent.delete(content);
  }

  function remove(id: string): void {
    const delivery = get(id);
    if (delivery === undefined) return;
    bytes -= sizeOfDelivery(delivery);
    accepted.delete(id);
    refused.delete(id);
    forgetContent(id);
  }

  function earlierWith(content: string, id: string): string | null {
    const ids = idsByContent.get(content) ?? new Set();
    idsByContent.set(content, ids);
    const [first = null] = ids;
    ids.add(id);
    contentById.set(id, content);
    return first;
  }

  function trim(): void {
    const [firstRefused] = refused.keys();
    if (refused.size > limits.count && firstRefused !== undefined) remove(firstRefused);
    while (bytes > maxBytes) {
      const [first] = accepted.size > 0 ? accepted.keys() : refused.keys();
      if (first === undefined) return;
      remove(first);
    }
  }

  return {
    get,
    remove,
    prepare(delivery) {
      const { id, endpoint, body, verifiedBy } = delivery;
      if (get(id) !== undefined) {
        throw new RangeError("Cannot record a delivery: the journal has one of this id");
      }
      const content = verifiedBy === null ? undefined : fingerprint(endpoint, body).toHex();
      const copied = copy(cutRefused(delivery, limits));
      return () => {
        const repeatOf = content === undefined ? null : earlierWith(content, id);
        const kept = { ...copied, repeatOf, erasedAt: null, bodyBytes: body.byteLength };
        (verifiedBy === null ? refused : accepted).set(id, kept);
        bytes += sizeOfDelivery(kept);
        trim();
      };
    },
    inOrder: () => [...accepted.values(), ...refused.values()].sort(byTime),
    blank(id, erasedAt, unlessNamed) {
      const delivery = get(id);
      if (delivery === undefined) return;
      bytes -= sizeOfDelivery(delivery);
      forgetContent(id);
      const blanked = blankOf(delivery, erasedAt, unlessNamed);
      (delivery.verifiedBy === null ? refused : accepted).set(id, blanked);
      bytes += sizeOfDelivery(blanked);
    },
    bytes: () => bytes,
    refused: () => refused.size,
    size: () => accepted.size + refused.size,
  };
}

function blankOf(
  { note: _, ...delivery }: StoredDelivery,
  erasedAt: number,
  unlessNamed: (text: string) => string,
): StoredDelivery {
  return {
    ...delivery,
    erasedAt,
    endpoint: unlessNamed(delivery.endpoint),
    requestId: unlessNamed(delivery.requestId),
    remoteAddress: "",
    decisions: [],
    headers: [],
    bodyBytes: 0,
    body: new Uint8Array(),
    answer: new Uint8Array(),
  };
}

/** The caller may use its buffers again. */
function copy(delivery: Delivery): Delivery {
  return { ...delivery, body: delivery.body.slice(), answer: delivery.answer.slice() };
}

/**
 * Tells what a delivery takes in memory, roughly.
 *
 * @param delivery It.
 * @returns Bytes.
 */
export function sizeOfDelivery({ body, answer }: StoredDelivery): number {
  return body.byteLength + answer.byteLength + OVERHEAD_BYTES;
}

function byTime(a: StoredDelivery, b: StoredDelivery): number {
  if (a.receivedAt !== b.receivedAt) return a.receivedAt - b.receivedAt;
  return a.id < b.id ? -1 : 1;
}
