import { memoryOutbox } from "./memory_outbox.ts";
import { testOutbox } from "./outbox_contract.ts";

testOutbox("memoryOutbox()", async (run) => {
  const outbox = memoryOutbox();
  await run({
    outbox,
    put(forwards) {
      outbox.put(forwards);
      return Promise.resolve(forwards.flatMap(({ id }) => outbox.get(id) ?? []));
    },
    get: (id) => Promise.resolve(outbox.get(id)),
    attemptsOf: (id) => Promise.resolve(outbox.attemptsOf(id)),
  });
});
