import { assertEquals } from "@std/assert";
import { readDetails } from "../../../lib/http/health.ts";
import { JournalUnavailable } from "../../../lib/journal/errors.ts";

Deno.test("readDetails() says null for a part that can't tell, and goes on", async () => {
  const details = {
    forwards() {
      throw new JournalUnavailable("Cannot use the journal: it is closed");
    },
    config: () => "the changed file has mistakes; the old one is served",
  };
  assertEquals(await readDetails(details), { forwards: null, config: details.config() });
});
