import { assertEquals } from "@std/assert";
import { createPrompter } from "../../../../lib/cli/terminal/prompt.ts";

/** A keyboard on which each text is typed at once; then the input ends. */
function typing(...texts: readonly string[]) {
  const typed = texts.map((text) => new TextEncoder().encode(text)).values();
  const seen: string[] = [];
  let interrupt: (() => void) | undefined;
  const input = {
    read(buffer: Uint8Array) {
      const bytes = typed.next().value;
      if (bytes === undefined) return Promise.resolve(null);
      if (bytes[0] === 3 && !seen.includes("raw")) {
        interrupt?.();
        return new Promise<null>(() => {});
      }
      buffer.set(bytes);
      return Promise.resolve(bytes.length);
    },
    setRaw: (isRaw: boolean) => void seen.push(isRaw ? "raw" : "lines"),
    onInterrupt(act: () => void) {
      interrupt = act;
      return () => void (interrupt = undefined);
    },
  };
  return { ask: createPrompter(input, (text) => void seen.push(text)), seen };
}

Deno.test("createPrompter() reads a line for each question, however they come", async () => {
  const { ask, seen } = typing("fir", "st\nsecond\r\nthird\rfour", "th\n");
  const lines = [];
  for (let count = 0; count < 5; count++) lines.push(await ask(`${count}? `));
  assertEquals(lines, ["first", "second", "third", "fourth", undefined]);
  assertEquals(seen, ["0? ", "1? ", "2? ", "3? ", "4? "]);
  assertEquals(await ask("more? "), undefined);
});

Deno.test("createPrompter() hides what is typed, and puts the terminal back", async () => {
  const { ask, seen } = typing("ge", "heim\x7f\bIM\x1b[Dü\t\r", "\n", "next\n");
  assertEquals(await ask("key: ", true), "geheIMü");
  assertEquals(seen, ["raw", "key: ", "lines", "\n"]);
  assertEquals(await ask("again: "), "");
  assertEquals(await ask("then: "), "next");
});

Deno.test("createPrompter() forgets a hidden line on Ctrl+U", async () => {
  const { ask } = typing("wrong\x15right\r");
  assertEquals(await ask("key: ", true), "right");
});

Deno.test("createPrompter() takes characters of several bytes that come in pieces", async () => {
  const bytes = new TextEncoder().encode("ü€😀\r");
  const pieces = Array.from(bytes, (byte) => new Uint8Array([byte])).values();
  const ask = createPrompter({
    read(buffer) {
      const piece = pieces.next().value;
      if (piece === undefined) return Promise.resolve(null);
      buffer.set(piece);
      return Promise.resolve(1);
    },
    setRaw() {},
    onInterrupt: () => () => {},
  }, () => {});
  assertEquals(await ask("key: ", true), "ü€😀");
});

Deno.test("createPrompter() ends on Ctrl+C and at the end of the input, hidden or not", async () => {
  for (const isHidden of [false, true]) {
    for (const ending of [["\x03"], []]) {
      const { ask, seen } = typing(...ending);
      assertEquals(await ask("key: ", isHidden), undefined);
      assertEquals(seen.filter((text) => text === "raw").length, isHidden ? 1 : 0);
      assertEquals(seen.includes("lines"), isHidden);
      assertEquals(await ask("next: "), undefined);
    }
  }
  for (const sign of ["\x04", "\x1a"]) assertEquals(await typing(sign).ask("", true), undefined);
  assertEquals(await typing("a\x04b\r").ask("", true), "ab");
});
