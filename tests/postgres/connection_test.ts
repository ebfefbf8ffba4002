/** How a database is reached: hosts, passwords, certificates, and a network that goes away. */
import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import pg from "pg";
import { JournalUnavailable } from "../../lib/journal/errors.ts";
import { openPostgresJournal } from "../../lib/journal/postgres/open.ts";
import { eventually } from "../e2e/waits.ts";
import { delivery } from "../lib/journal/samples.ts";
import { type Cluster, noCluster, startCluster } from "./cluster.ts";
import { startProxy } from "./proxy.ts";

function test(name: string, run: (cluster: Cluster) => Promise<void>, settings: string[] = []) {
  Deno.test({
    name: name + (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
    ignore: noCluster !== undefined,
    fn: async () => await run(await startCluster({ settings: ["fsync = off", ...settings] })),
  });
}

async function asAdmin(cluster: Cluster, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client(cluster.url());
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

test("of several hosts the one that takes writes is used", async (cluster) => {
  await using other = startProxy(1);
  const url = `postgres://postgres@127.0.0.1:${other.port},127.0.0.1:${cluster.port}/postgres`;
  const journal = openPostgresJournal({ url });
  await journal.record(delivery());
  assertEquals((await journal.counts()).accepted, 1);
  // One that only reads is passed over, as a standby is.
  await asAdmin(
    cluster,
    "CREATE DATABASE reads",
    "ALTER DATABASE reads SET default_transaction_read_only = on",
  );
  const reads = openPostgresJournal({
    url: `postgres://postgres@127.0.0.1:${cluster.port},127.0.0.1:${cluster.port}/reads`,
  });
  await assertRejects(() => reads.counts(), JournalUnavailable);
  await reads.close();
  await journal.close();
});

test("another password is taken for new connections, without a restart", async (cluster) => {
  await asAdmin(
    cluster,
    "CREATE ROLE ann LOGIN SUPERUSER PASSWORD 'first one'",
  );
  const rules = ["host all ann 127.0.0.1/32 scram-sha-256", "host all all 127.0.0.1/32 trust"];
  await Deno.writeTextFile(join(cluster.folder, "data", "pg_hba.conf"), `${rules.join("\n")}\n`);
  await asAdmin(cluster, "SELECT pg_reload_conf()");
  let password = "first one";
  const url = `postgres://ann:old@127.0.0.1:${cluster.port}/postgres`;
  const journal = openPostgresJournal({ url, password: () => password });
  await journal.record(delivery());
  await asAdmin(
    cluster,
    "ALTER ROLE ann PASSWORD 'second one'",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ann'",
  );
  await eventually("a refused password", async () => {
    try {
      await journal.record(delivery());
      return false;
    } catch (error) {
      return String(error).includes("the database refuses the password");
    }
  });
  password = "second one";
  await journal.record(delivery());
  assertEquals((await journal.counts()).accepted >= 2, true);
  await journal.close();
});

test("a database is known by its certificate where one is named", async (cluster) => {
  const data = join(cluster.folder, "data");
  const [key, certificate] = [join(data, "server.key"), join(data, "server.crt")];
  const { success } = await new Deno.Command("openssl", {
    args: [
      ...["req", "-new", "-x509", "-days", "2", "-nodes", "-subj", "/CN=localhost"],
      // An authority's own certificate is none of a server for the older Deno.
      ...["-addext", "basicConstraints=critical,CA:FALSE"],
      ...["-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
    ],
    stderr: "null",
  }).output();
  assertEquals(success, true);
  const owner = await Deno.stat(data);
  await Deno.chown(key, owner.uid, owner.gid);
  await Deno.chown(certificate, owner.uid, owner.gid);
  await Deno.chmod(key, 0o600);
  await asAdmin(cluster, "ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()");
  const url = `postgres://postgres@localhost:${cluster.port}/postgres`;
  const ca = await Deno.readTextFile(certificate);
  const journal = openPostgresJournal({ url, ca });
  await eventually("a connection by TLS", async () => {
    try {
      await journal.record(delivery());
      return true;
    } catch {
      return false;
    }
  });
  const client = new pg.Client(cluster.url());
  await client.connect();
  const { rows } = await client.query(
    "SELECT count(*) AS n FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE ssl AND application_name = 'storehook'",
  );
  assertEquals(Number(rows[0].n) > 0, true);
  await client.end();
  await journal.close();
  // By another name, or another authority, it is not believed.
  for (
    const wrong of [{ url: url.replace("localhost", "127.0.0.1"), ca }, {
      url,
      ca: otherAuthority(),
    }]
  ) {
    const refused = openPostgresJournal(wrong);
    await assertRejects(() => refused.counts(), JournalUnavailable, "can't be reached");
    await refused.close();
  }
});

/** A certificate of somebody else. */
function otherAuthority(): string {
  const { stdout } = new Deno.Command("openssl", {
    args: [
      ...["req", "-new", "-x509", "-days", "2", "-nodes", "-subj", "/CN=other"],
      ...["-keyout", "/dev/null", "-out", "/dev/stdout"],
    ],
    stderr: "null",
  }).outputSync();
  return new TextDecoder().decode(stdout);
}

test("what was recorded is there however the network is cut, and nothing twice", async (cluster) => {
  await using proxy = startProxy(cluster.port);
  const journal = openPostgresJournal({
    url: `postgres://postgres@127.0.0.1:${proxy.port}/postgres`,
  });
  const acknowledged: string[] = [];
  let isOver = false;
  const load = (async () => {
    while (!isOver) {
      const group = Array.from({ length: 10 }, () => delivery());
      const results = await Promise.allSettled(group.map((each) => journal.record(each)));
      group.forEach(({ id }, index) => {
        if (results[index]?.status === "fulfilled") acknowledged.push(id);
      });
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  })();
  for (let round = 1; round <= 5; round++) {
    const wanted = acknowledged.length + 50;
    await eventually("further deliveries", () => acknowledged.length >= wanted);
    proxy.cut();
    await eventually("a journal that knows", () => !journal.state().writable);
    proxy.mend();
  }
  isOver = true;
  await load;
  const stored = await Array.fromAsync(journal.each(), ({ id }) => id);
  assertEquals(new Set(stored).size, stored.length);
  const missing = acknowledged.filter((id) => !stored.includes(id));
  assertEquals(missing, []);
  await journal.close();
});

test("connections that say nothing more are given up, and others made", async (cluster) => {
  await using proxy = startProxy(cluster.port);
  const journal = openPostgresJournal({
    url: `postgres://postgres@127.0.0.1:${proxy.port}/postgres`,
    silenceMs: 6000,
  });
  const group = () =>
    Promise.allSettled(Array.from({ length: 20 }, () => journal.record(delivery())));
  await Promise.all([group(), journal.counts(), journal.events.counts(), journal.list()]);
  // As where what is between forgets them: nobody closes them, and nothing comes.
  proxy.forget();
  await eventually("a journal that records again", async () => {
    const results = await group();
    return results.every(({ status }) => status === "fulfilled");
  });
  // None of them is asked again.
  const results = await Promise.all(Array.from({ length: 5 }, group));
  assertEquals(results.flat().filter(({ status }) => status === "rejected"), []);
  await journal.close();
});
