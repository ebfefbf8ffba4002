/** How many bytes of an executable tell its machine. */
export const HEADER_LENGTH = 4096;

const PE_OFFSET = 0x3c;

/**
 * Tells for which machine an executable is, by its first bytes: what was appended to a runtime of
 * another machine would compile, and fail where it is run.
 *
 * @param header The first {@linkcode HEADER_LENGTH} bytes, or all of a shorter file.
 * @returns The machine's name to the compiler, `undefined` for another machine or no executable.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { machineOf } from "./machine_code.ts";
 *
 * const macho = new Uint8Array([0xcf, 0xfa, 0xed, 0xfe, 0x0c, 0x00, 0x00, 0x01]);
 * assertEquals(machineOf(macho), "aarch64-apple-darwin");
 * assertEquals(machineOf(new TextEncoder().encode("#!/bin/sh")), undefined);
 * ```
 */
export function machineOf(header: Uint8Array): string | undefined {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const read16 = (offset: number) =>
    offset + 2 <= view.byteLength ? view.getUint16(offset, true) : undefined;
  const read32 = (offset: number) =>
    offset + 4 <= view.byteLength ? view.getUint32(offset, true) : undefined;

  const magic = read32(0);
  if (magic === 0x464c457f) return ELF_MACHINES.get(read16(18) ?? 0);
  if (magic === 0xfeedfacf) return MACH_O_MACHINES.get(read32(4) ?? 0);
  if (read16(0) !== 0x5a4d) return undefined;
  const pe = read32(PE_OFFSET) ?? view.byteLength;
  return read32(pe) === 0x4550 ? PE_MACHINES.get(read16(pe + 4) ?? 0) : undefined;
}

const ELF_MACHINES: ReadonlyMap<number, string> = new Map([
  [62, "x86_64-unknown-linux-gnu"],
  [183, "aarch64-unknown-linux-gnu"],
]);

const MACH_O_MACHINES: ReadonlyMap<number, string> = new Map([
  [0x01000007, "x86_64-apple-darwin"],
  [0x0100000c, "aarch64-apple-darwin"],
]);

const PE_MACHINES: ReadonlyMap<number, string> = new Map([
  [0x8664, "x86_64-pc-windows-msvc"],
]);
