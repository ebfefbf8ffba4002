import fc from "fast-check";
import { assert, assertEquals } from "@std/assert";
import { HEADER_LENGTH, machineOf } from "../../release/executable.ts";
import { TARGETS } from "../../release/targets.ts";

function header(values: Readonly<Record<number, readonly number[]>>): Uint8Array {
  const bytes = new Uint8Array(256);
  for (const [offset, part] of Object.entries(values)) bytes.set(part, Number(offset));
  return bytes;
}

const ELF = [0x7f, 0x45, 0x4c, 0x46];
const PE = [0x50, 0x45, 0, 0];

const HEADERS: readonly (readonly [string, Uint8Array])[] = [
  ["x86_64-unknown-linux-gnu", header({ 0: ELF, 18: [62] })],
  ["aarch64-unknown-linux-gnu", header({ 0: ELF, 18: [183] })],
  ["x86_64-pc-windows-msvc", header({ 0: [0x4d, 0x5a], 0x3c: [128], 128: [...PE, 0x64, 0x86] })],
  ["aarch64-apple-darwin", header({ 0: [0xcf, 0xfa, 0xed, 0xfe, 0x0c, 0, 0, 1] })],
  ["x86_64-apple-darwin", header({ 0: [0xcf, 0xfa, 0xed, 0xfe, 0x07, 0, 0, 1] })],
];

Deno.test("machineOf() tells every target", () => {
  for (const [triple, bytes] of HEADERS) assertEquals(machineOf(bytes), triple);
  const known = HEADERS.map(([triple]) => triple).toSorted();
  assertEquals(TARGETS.map(({ triple }) => triple).toSorted(), known);
});

Deno.test("machineOf() tells the Deno that runs this", async () => {
  using file = await Deno.open(Deno.execPath());
  const bytes = new Uint8Array(HEADER_LENGTH);
  await file.read(bytes);
  assertEquals(machineOf(bytes), Deno.build.target);
});

Deno.test("machineOf() knows no other machines", () => {
  assertEquals(machineOf(header({ 0: ELF, 18: [40] })), undefined);
  assertEquals(machineOf(header({ 0: [0x4d, 0x5a], 0x3c: [128] })), undefined);
  assertEquals(machineOf(header({ 0: [0x4d, 0x5a], 0x3c: [255, 255] })), undefined);
  assertEquals(machineOf(new Uint8Array(0)), undefined);
});

Deno.test("machineOf() takes any bytes", () => {
  const magic = fc.constantFrom(ELF, [0x4d, 0x5a], [0xcf, 0xfa, 0xed, 0xfe], []);
  fc.assert(fc.property(magic, fc.uint8Array({ maxLength: 128 }), (start, rest) => {
    const machine = machineOf(new Uint8Array([...start, ...rest]));
    assert(machine === undefined || TARGETS.some(({ triple }) => triple === machine));
  }));
});
