import { join } from "@std/path";
import { startProgram, temporaryFolder } from "../e2e/program.ts";
import { assertStored } from "./journal_on_disk.ts";
import { ROUNDS, startLoad } from "./load.ts";

Deno.test("what was acknowledged is stored, however often the server is killed", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "journal.db");
  const acknowledged = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    await using program = await startProgram({ env: { STOREHOOK_JOURNAL_PATH: path } });
    const load = startLoad(program.url, `round-${round}`);
    // At a moment that differs from round to round, in the midst of it.
    await load.reached(20 + Math.floor(Math.random() * 300));
    program.kill("SIGKILL");
    await program.status;
    await load.stop();
    for (const id of load.acknowledged) acknowledged.add(id);
    await assertStored(path, acknowledged);
  }
});
