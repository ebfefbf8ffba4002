import { assertEquals, assertThrows } from "@std/assert";
import { remember } from "../../../handlers/ustore/remember.ts";

Deno.test("remember() makes a value once, even when it is undefined", () => {
  let made = 0;
  const value = remember(() => {
    made++;
    return undefined;
  });
  assertEquals([made, value(), value(), made], [0, undefined, undefined, 1]);
});

Deno.test("remember() tries again what has thrown", () => {
  let tries = 0;
  const value = remember(() => {
    tries++;
    throw new RangeError("no");
  });
  assertThrows(value, RangeError, "no");
  assertThrows(value, RangeError, "no");
  assertEquals(tries, 2);
});
