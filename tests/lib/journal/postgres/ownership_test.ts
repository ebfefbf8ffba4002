import { assertEquals, assertRejects } from "@std/assert";
import { openSharedJournal } from "../../../../lib/journal/postgres/open.ts";
import { leaseForwards } from "../../../../lib/journal/postgres/outbox.ts";
import { createOwnership } from "../../../../lib/journal/postgres/ownership.ts";
import { eventually, within } from "../../../e2e/waits.ts";
import { noCluster, startCluster } from "../../../postgres/cluster.ts";
import { delivery, event } from "../samples.ts";

Deno.test({
  name: "letGo() leaves a destination to others once nothing of it is under way" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  async fn() {
    const cluster = await startCluster({ settings: ["fsync = off"] });
    const { journal, database } = openSharedJournal({ url: cluster.url() });
    const [one, two] = [createOwnership(database, "one"), createOwnership(database, "two")];
    const take = (ownership: typeof one) =>
      ownership.asOwner("erp", () => Promise.resolve("taken"));
    const { promise, resolve } = Promise.withResolvers<void>();
    try {
      await journal.record(delivery(), { events: [event()] });
      const leased = await one.asOwner("erp", (query) =>
        leaseForwards(query, {
          ...{ owner: "one", destination: "erp", limit: 1, leaseMs: 60_000, ordered: true },
          now: Date.now(),
        })) ?? [];
      assertEquals(leased.length, 1);

      one.withhold("erp", true);
      assertEquals(await take(one), undefined);
      assertEquals(await one.letGo("erp"), false);
      assertEquals([one.owned(), await take(two)], [["erp"], undefined]);
      await journal.outbox.release(leased.map(({ lease }) => lease));

      // One that began before may lease something still.
      one.withhold("erp", false);
      const changed = one.asOwner("erp", () => promise);
      one.withhold("erp", true);
      assertEquals(await one.letGo("erp"), false);
      resolve();
      await changed;
      assertEquals([await one.letGo("erp"), one.owned()], [true, []]);

      // Who has its share leaves it to others, for a moment.
      one.withhold("erp", false);
      one.keepShare(0);
      assertEquals([await take(one), await take(two)], [undefined, "taken"]);
      two.withhold("erp", true);
      assertEquals(await two.letGo("erp"), true);
      await eventually("what nobody wants", async () => await take(one) === "taken");
      assertEquals(one.owned(), ["erp"]);
    } finally {
      resolve();
      await one.leave();
      await two.leave();
      await journal.close();
    }
  },
});

Deno.test({
  name: "forget() leaves what is not wanted any more, unless something of it is under way" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  async fn() {
    const cluster = await startCluster({ settings: ["fsync = off"] });
    const { journal, database } = openSharedJournal({ url: cluster.url() });
    const patient = createOwnership(database, "patient");
    const hasty = createOwnership(database, "hasty", 0);
    const known = async () => {
      const rows = await database.query("SELECT destination FROM destination_owners ORDER BY 1");
      return rows.map((row) => row["destination"]);
    };
    try {
      await patient.asOwner("wanted", () => Promise.resolve());
      await hasty.asOwner("removed", () => Promise.resolve());
      await journal.record(delivery(), { events: [event()] });
      const leased = await hasty.asOwner("erp", (query) =>
        leaseForwards(query, {
          ...{ owner: "hasty", destination: "erp", limit: 1, leaseMs: 60_000, ordered: true },
          now: Date.now(),
        })) ?? [];
      assertEquals(leased.length, 1);

      await patient.forget();
      await hasty.forget();
      assertEquals([await known(), patient.owned()], [["erp", "wanted"], ["wanted"]]);
      await journal.outbox.release(leased.map(({ lease }) => lease));
      await hasty.forget();
      assertEquals([await known(), hasty.owned()], [["wanted"], []]);
    } finally {
      await patient.leave();
      await hasty.leave();
      await journal.close();
    }
  },
});

Deno.test({
  name: "renew() makes nobody sure again of what may have been let go meanwhile" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  async fn() {
    const cluster = await startCluster({ settings: ["fsync = off"] });
    const { journal, database } = openSharedJournal({ url: cluster.url() });
    const [renewed, told] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow: typeof database = {
      ...database,
      async query(text, values) {
        const rows = await database.query(text, values);
        if (text.includes("SET until")) {
          renewed.resolve();
          await told.promise;
        }
        if (text.includes("SET owner = ''")) throw new Error("The answer is lost");
        return rows;
      },
    };
    const [one, two] = [createOwnership(slow, "one"), createOwnership(database, "two")];
    const take = (ownership: typeof one) =>
      ownership.asOwner("erp", () => Promise.resolve("taken"));
    try {
      assertEquals(await take(one), "taken");
      const renewing = one.renew();
      await renewed.promise;
      one.withhold("erp", true);
      await assertRejects(() => one.letGo("erp"), Error, "The answer is lost");
      told.resolve();
      await renewing;
      one.withhold("erp", false);
      assertEquals([await take(two), await take(one)], ["taken", undefined]);
    } finally {
      told.resolve();
      await one.leave();
      await two.leave();
      await journal.close();
    }
  },
});

Deno.test({
  name: "what an owner called off is due again as soon as the database answers it" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  async fn() {
    const cluster = await startCluster({ settings: ["fsync = off"] });
    const { journal, database } = openSharedJournal({ url: cluster.url() });
    const one = createOwnership(database, "one");
    const lease = () =>
      one.asOwner("erp", (query) =>
        leaseForwards(query, {
          ...{ owner: "one", destination: "erp", limit: 1, leaseMs: 600_000, ordered: true },
          now: Date.now(),
        }));
    const lost = Promise.withResolvers<string>();
    one.onLost(lost.resolve);
    try {
      await journal.record(delivery(), { events: [event()] });
      assertEquals([(await lease())?.length, (await lease())?.length], [1, 0]);
      // It says nothing, and hears nothing.
      assertEquals(await within("a destination that is lost", lost.promise), "erp");
      assertEquals((await lease())?.length, 1);
    } finally {
      await one.leave();
      await journal.close();
    }
  },
});
