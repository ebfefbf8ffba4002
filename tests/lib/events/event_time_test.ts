import { assertEquals } from "@std/assert";
import { readEventTime } from "../../../lib/events/event_time.ts";

const TIMES: readonly (readonly [text: string, iso: string])[] = [
  ["2024-05-15T10:00:00.000Z", "2024-05-15T10:00:00.000Z"],
  ["2024-05-15t10:00:00z", "2024-05-15T10:00:00.000Z"],
  ["2024-05-15T10:00:00.123456789Z", "2024-05-15T10:00:00.123Z"],
  ["2016-04-07T14:07:36-04:00", "2016-04-07T18:07:36.000Z"],
  ["2016-04-07T14:07+05:30", "2016-04-07T08:37:00.000Z"],
];

for (const [text, iso] of TIMES) {
  Deno.test(`readEventTime() reads ${text}`, () => {
    assertEquals(readEventTime(text), Date.parse(iso));
  });
}

for (
  const value of ["", "2024-05-15", "2024-05-15T10:00:00", "2024-13-15T10:00:00Z", 5, null, {}]
) {
  Deno.test(`readEventTime() finds no time in ${JSON.stringify(value)}`, () => {
    assertEquals(readEventTime(value), null);
  });
}
