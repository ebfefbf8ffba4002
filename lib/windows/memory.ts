/** Memory that Windows reads and fills: texts, and structures that point to each other. */

/**
 * Writes text as Windows reads it: UTF-16 with a zero at its end.
 *
 * @param text The text.
 * @returns Its units.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { wide } from "./memory.ts";
 *
 * assertEquals([...wide("ab")], [97, 98, 0]);
 * ```
 */
export function wide(text: string): Uint16Array<ArrayBuffer> {
  return Uint16Array.from({ length: text.length + 1 }, (_, index) => text.charCodeAt(index) || 0);
}

/** A structure that is being written. It keeps what it points to alive. */
export interface Structure {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Writes a number of four bytes. */
  u32(offset: number, value: number): Structure;
  /** Writes a number of two bytes. */
  u16(offset: number, value: number): Structure;
  /** Writes the address of something else. */
  pointer(offset: number, target: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>): Structure;
}

/** What structures point to, for as long as they are there themselves. */
const TARGETS = new WeakMap<Uint8Array, unknown[]>();

/**
 * Makes a structure of zeros.
 *
 * @param size Its size in bytes.
 * @returns What fills it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createStructure } from "./memory.ts";
 *
 * assertEquals([...createStructure(8).u32(4, 258).bytes], [0, 0, 0, 0, 2, 1, 0, 0]);
 * ```
 */
export function createStructure(size: number): Structure {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  const structure: Structure = {
    bytes,
    u32(offset, value) {
      view.setUint32(offset, value, true);
      return structure;
    },
    u16(offset, value) {
      view.setUint16(offset, value, true);
      return structure;
    },
    pointer(offset, target) {
      view.setBigUint64(offset, addressOf(target), true);
      TARGETS.set(bytes, [...TARGETS.get(bytes) ?? [], target]);
      return structure;
    },
  };
  return structure;
}

/**
 * Gives the address of memory.
 *
 * @param memory The memory; whoever uses the address has to hold on to it.
 * @returns The address.
 */
export function addressOf(memory: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>): bigint {
  return Deno.UnsafePointer.value(Deno.UnsafePointer.of(memory));
}

/**
 * Reads a text to which a structure points, of those that Windows puts behind it in one piece of
 * memory.
 *
 * @param memory The structure with all that stands behind it.
 * @param offset Where in it the address stands.
 * @returns The text; empty where nothing is pointed to.
 */
export function readWideAt(memory: Uint8Array<ArrayBuffer>, offset: number): string {
  const view = new DataView(memory.buffer);
  const address = view.getBigUint64(offset, true);
  if (address === 0n) return "";
  const units: number[] = [];
  for (let at = Number(address - addressOf(memory)); at + 2 <= memory.length; at += 2) {
    const unit = view.getUint16(at, true);
    if (unit === 0) break;
    units.push(unit);
  }
  return String.fromCharCode(...units);
}

/** Where Windows puts an address or a handle. */
export interface OutPointer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What it put there. */
  value(): bigint;
}

/** Makes a place for an address or a handle. */
export function createOutPointer(): OutPointer {
  const bytes = new Uint8Array(8);
  return { bytes, value: () => new DataView(bytes.buffer).getBigUint64(0, true) };
}
