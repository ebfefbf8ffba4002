import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { isFileBusy, retryWhileBusy, retryWhileBusySync } from "../../../lib/util/busy_file.ts";

const busy = (number: number) => new Deno.errors.Busy(`In use. (os error ${number}): rename 'a'`);

/** Work that fails so often, and how often it was tried. */
function failing(times: number, error: Error) {
  const tried = { count: 0 };
  return {
    tried,
    work() {
      if (++tried.count <= times) throw error;
      return "done";
    },
  };
}

Deno.test("isFileBusy() knows what Windows says of a file in use, and no missing right", () => {
  assertEquals([32, 33, 303, 1224].map((number) => isFileBusy(busy(number), "windows")), [
    true,
    true,
    true,
    true,
  ]);
  // On Linux 32 is a broken pipe, and 5 a broken disk.
  assertEquals([isFileBusy(busy(32), "linux"), isFileBusy(busy(5), "windows")], [false, false]);
  assertEquals([isFileBusy("(os error 32)", "windows"), isFileBusy(busy(320), "windows")], [
    false,
    false,
  ]);
});

Deno.test("retryWhileBusy() tries again what is in use, until it is free", async () => {
  for (const number of [5, 32]) {
    const { tried, work } = failing(3, busy(number));
    assertEquals(await retryWhileBusy(async () => await work(), "windows"), "done");
    assertEquals(tried.count, 4);
  }
  const { tried, work } = failing(3, busy(32));
  assertEquals([retryWhileBusySync(work, "windows"), tried.count], ["done", 4]);
});

Deno.test("retryWhileBusy() tries nothing else again, and nothing for ever", async () => {
  for (const [error, os] of [[busy(2), "windows"], [busy(5), "linux"]] as const) {
    const { tried, work } = failing(1, error);
    await assertRejects(() => retryWhileBusy(async () => await work(), os), Deno.errors.Busy);
    assertThrows(() => retryWhileBusySync(failing(1, error).work, os), Deno.errors.Busy);
    assertEquals(tried.count, 1);
  }
  const { work } = failing(Infinity, busy(32));
  assertThrows(() => retryWhileBusySync(work, "windows"), Deno.errors.Busy);
  await assertRejects(() => retryWhileBusy(async () => await work(), "windows"), Deno.errors.Busy);
});
