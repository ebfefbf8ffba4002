import { assertEquals, assertRejects } from "@std/assert";
import { memoizeBriefly } from "../../../lib/util/memoize.ts";

Deno.test("memoizeBriefly() reads what takes long only every hundredfold of that", async () => {
  let time = 0;
  let reads = 0;
  const count = memoizeBriefly(() => {
    time += 50;
    return Promise.resolve(++reads);
  }, () => time);
  assertEquals(await count(), 1);
  time += 4999;
  assertEquals(await count(), 1);
  time += 1;
  assertEquals(await count(), 2);
});

Deno.test("memoizeBriefly() reads again at once what could not be read", async () => {
  const answers = ["", "read"];
  const read = memoizeBriefly(() => {
    const answer = answers.shift() ?? "";
    return answer === "" ? Promise.reject(new RangeError("Cannot read")) : Promise.resolve(answer);
  }, () => 0);
  await assertRejects(read, RangeError);
  assertEquals([await read(), await read()], ["read", "read"]);
});

Deno.test("memoizeBriefly() reads once for all who ask meanwhile", async () => {
  let reads = 0;
  const read = memoizeBriefly(() => Promise.resolve(++reads));
  assertEquals(await Promise.all([read(), read(), read()]), [1, 1, 1]);
});
