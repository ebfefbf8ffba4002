import type { ForwardSummary } from "../../journal/forwards.ts";
import type { Finding } from "../records/show.ts";
import { describeForwards } from "./table.ts";

/** How a forward is found by its id. */
export const forwardFinding: Finding<ForwardSummary> = {
  name: "forward",
  readPage: (journal) => async (part) => {
    const { forwards, next } = await journal.outbox.list(part);
    return { rows: forwards, next };
  },
  describe: describeForwards,
};
