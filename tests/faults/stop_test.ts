import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { startProgram, temporaryFolder } from "../e2e/program.ts";
import { assertStored } from "./journal_on_disk.ts";
import { ROUNDS, startLoad } from "./load.ts";

Deno.test("a server that is asked to stop under load answers what got in, and exits 0", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "journal.db");
  const acknowledged = new Set<string>();
  for (let round = 0; round < ROUNDS; round++) {
    await using program = await startProgram({ env: { STOREHOOK_JOURNAL_PATH: path } });
    const load = startLoad(program.url, `round-${round}`);
    await load.reached(100);
    // The load ends first: then every request was sent whole before the signal.
    const stopped = load.stop();
    program.kill("SIGTERM");
    await stopped;
    assertEquals((await program.status).code, 0);
    assertEquals([...load.refused], []);
    for (const id of load.acknowledged) acknowledged.add(id);
    await assertStored(path, acknowledged);
  }
});
