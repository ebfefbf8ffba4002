import { assertEquals } from "@std/assert";
import { createGatherer } from "../../../../lib/journal/postgres/gather.ts";
import { nextTurn } from "../../../../lib/util/waiting.ts";

/** A gatherer whose groups end when they are told to. */
function held(groups: number) {
  const begun: { readonly size: number; readonly end: () => void }[] = [];
  const gatherer = createGatherer<number, number>({
    handle(items) {
      const ended = Promise.withResolvers<void>();
      begun.push({ size: items.length, end: ended.resolve });
      return ended.promise.then(() => items.map((item) => ({ result: item })));
    },
    groups,
    mostAtOnce: 40,
  });
  const submit = (count: number) =>
    Array.from({ length: count }, (_, item) => gatherer.submit(item));
  return { begun, submit, sizes: () => begun.map(({ size }) => size) };
}

Deno.test("createGatherer() begins at once with what comes alone", async () => {
  const { begun, submit, sizes } = held(2);
  const [alone] = submit(1);
  await Promise.resolve();
  assertEquals(sizes(), [1]);
  begun[0]?.end();
  assertEquals(await alone, 0);
});

Deno.test("createGatherer() begins another group where half of all that come wait for it", async () => {
  const { begun, submit, sizes } = held(2);
  const first = submit(16);
  await nextTurn();
  const few = submit(15);
  await nextTurn();
  assertEquals(sizes(), [16]);
  const enough = submit(1);
  await nextTurn();
  assertEquals(sizes(), [16, 16]);
  for (const { end } of begun) end();
  await Promise.all([...first, ...few, ...enough]);
});

Deno.test("createGatherer() keeps what comes for the next group, and begins it when one ends", async () => {
  const { begun, submit, sizes } = held(1);
  const all = [...submit(50)];
  await nextTurn();
  all.push(...submit(20));
  await nextTurn();
  assertEquals(sizes(), [40]);
  for (let group = 0; group < 2; group++) {
    begun[group]?.end();
    // One in which it ends, one in which the next begins.
    for (let turn = 0; turn < 2; turn++) await nextTurn();
  }
  assertEquals(sizes(), [40, 30]);
  assertEquals(await Promise.all(all), [
    ...Array.from({ length: 50 }, (_, item) => item),
    ...Array.from({ length: 20 }, (_, item) => item),
  ]);
});

Deno.test("createGatherer() puts no more into a group than can be held as a whole, but one", async () => {
  const MB = 1_000_000;
  const groups: (readonly number[])[] = [];
  const { submit } = createGatherer<number, void>({
    handle(items) {
      groups.push(items);
      return Promise.resolve(items.map(() => ({ result: undefined })));
    },
    groups: 1,
    mostAtOnce: 40,
    bytesOf: (item) => item * MB,
  });
  await Promise.all([10, 10, 10, 10, 80, 1, 1].map(submit));
  assertEquals(groups, [[10, 10, 10], [10], [80], [1, 1]]);
});
