/** The journal behind a real pgbouncer, which gives each transaction a connection of its own. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openPostgresJournal } from "../../lib/journal/postgres/open.ts";
import { eventually } from "../e2e/waits.ts";
import { delivery, event } from "../lib/journal/samples.ts";
import { type Cluster, noCluster, startCluster } from "./cluster.ts";
import { asOwner, freePort, giveToOwner, ownedFolder } from "./programs.ts";

const noBouncer = noCluster ?? (isThere() ? undefined : "no pgbouncer was found");

function isThere(): boolean {
  try {
    return new Deno.Command("pgbouncer", { args: ["--version"] }).outputSync().success;
  } catch {
    return false;
  }
}

/** With no other setting than those that it asks for. */
async function startBouncer(cluster: Cluster): Promise<{ url: string } & AsyncDisposable> {
  const folder = await ownedFolder();
  const port = freePort();
  const file = join(folder, "pgbouncer.ini");
  await Deno.writeTextFile(
    file,
    `[databases]
* = host=127.0.0.1 port=${cluster.port} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
`,
  );
  await giveToOwner(file);
  const [program, args] = asOwner("pgbouncer", [file]);
  const process = new Deno.Command(program, {
    args,
    cwd: "/",
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  await eventually("a pgbouncer that listens", async () => {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return true;
    } catch {
      return false;
    }
  });
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async [Symbol.asyncDispose]() {
      process.kill("SIGKILL");
      await process.status;
      await Deno.remove(folder, { recursive: true });
    },
  };
}

Deno.test({
  name: "two instances share a database behind pgbouncer" +
    (noBouncer === undefined ? "" : ` (skipped: ${noBouncer})`),
  ignore: noBouncer !== undefined,
  async fn() {
    const cluster = await startCluster({ settings: ["fsync = off"] });
    await using bouncer = await startBouncer(cluster);
    const [first, second] = [1, 2].map(() => openPostgresJournal({ url: bouncer.url }));
    if (first === undefined || second === undefined) throw new TypeError("There is no journal");
    await Promise.all(
      [first, second].flatMap((journal) =>
        Array.from({ length: 60 }, async (_, number) => {
          await journal.record(delivery());
          await journal.record(delivery(), { events: [event({ subject: `s${number % 7}` })] });
        })
      ),
    );
    assertEquals((await second.counts()).accepted, 240);
    assertEquals((await first.outbox.countsByState()).waiting, 120);
    const leased = await first.outbox.lease({
      owner: first.leaseOwner,
      destination: "erp",
      limit: 100,
      leaseMs: 60_000,
      now: Date.now(),
      ordered: true,
    });
    assertEquals(leased.length, 7);
    await first.close();
    await second.close();
  },
});
