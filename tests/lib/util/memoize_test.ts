import { assertEquals, assertThrows } from "@std/assert";
import { memoizeBriefly } from "../../../lib/util/memoize.ts";

Deno.test("memoizeBriefly() reads what takes long only every hundredfold of that", () => {
  let time = 0;
  let reads = 0;
  const count = memoizeBriefly(() => {
    time += 50;
    return ++reads;
  }, () => time);
  assertEquals(count(), 1);
  time += 4999;
  assertEquals(count(), 1);
  time += 1;
  assertEquals(count(), 2);
});

Deno.test("memoizeBriefly() reads again at once what could not be read", () => {
  const answers = ["", "read"];
  const read = memoizeBriefly(() => {
    const answer = answers.shift() ?? "";
    if (answer === "") throw new RangeError("Cannot read");
    return answer;
  }, () => 0);
  assertThrows(read, RangeError);
  assertEquals([read(), read()], ["read", "read"]);
});
