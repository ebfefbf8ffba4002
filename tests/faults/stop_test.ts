import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { headOf, sample } from "../e2e/delivery.ts";
import { connect } from "../e2e/raw_http.ts";
import { startReceiver } from "../e2e/receiver.ts";
import { startProgram, temporaryFolder } from "../e2e/program.ts";
import { assertStored } from "./journal_on_disk.ts";
import { ROUNDS, startLoad } from "./load.ts";
import { hmacOf } from "../hmac.ts";

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

const SECRET = "password123";
const EVENT = '{"cartId":"5c9a7a4d","tenant":"acme"}';

async function sendEvent(url: string): Promise<Response> {
  return await fetch(`${url}/emporix/cart.created`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "emporix-event-signature": await hmacOf("SHA-256", SECRET, EVENT),
      "emporix-event-publish-time": "2026-08-01T10:00:00Z",
    },
    body: EVENT,
  });
}

/** What the outbox says of forwards, read from the file that a server left. */
function forwardsIn(path: string): readonly unknown[] {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare("SELECT state, attempts, leased_until FROM forwards").all();
  database.close();
  return rows.map((row) => ({ ...row }));
}

Deno.test({
  name: "neither a receiver that hangs nor a body that never comes holds a stop for long",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await temporaryFolder();
    await using receiver = startReceiver();
    const path = join(folder.path, "journal.db");
    const config = {
      // Longer than anybody waits for a server that stops.
      server: { bodyTimeoutMs: 3_600_000 },
      journal: { path },
      endpoints: [{
        path: "/ustore/order-approval",
        kind: "ustore.order-approval",
        signatureKeys: ["the-key"],
        otherwise: { approve: true },
      }, {
        path: "/emporix",
        kind: "emporix.events",
        auth: { type: "emporix", secrets: [SECRET] },
        forward: ["erp"],
      }],
      destinations: { erp: { type: "http", url: receiver.url, timeoutMs: 600_000 } },
    };
    const env = { STOREHOOK_JOURNAL_PATH: path };
    {
      await using program = await startProgram({ config, env });
      receiver.hold();
      assertEquals((await sendEvent(program.url)).status, 204);
      await receiver.held(1);
      using connection = await connect(program);
      await connection.send(headOf({ key: "the-key" }), sample("order_approval").subarray(0, 2000));
      // Whoever is answered came after it.
      await (await fetch(`${program.url}/livez`)).text();

      program.kill("SIGTERM");
      assertEquals((await program.status).code, 0);
      assertEquals(program.stderr().includes("Ending although"), false);
    }
    // Given back and not tried: whoever comes next takes it at once.
    assertEquals(forwardsIn(path), [{ state: "waiting", attempts: 0, leased_until: 0 }]);
    receiver.release();
    await using _again = await startProgram({ config, env });
    await receiver.receivedAll([EVENT]);
  },
});
