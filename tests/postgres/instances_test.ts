/** Two programs on one database, over real sockets. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { deliver, KEY } from "../e2e/delivery.ts";
import { type Program, runProgram, startProgram, temporaryFolder } from "../e2e/program.ts";
import { startReceiver } from "../e2e/receiver.ts";
import { eventually } from "../e2e/waits.ts";
import { type Cluster, noCluster, startCluster } from "./cluster.ts";

const BASIC = { type: "basic", username: "u", password: "p4ssword" };

function configOf(cluster: Cluster, folder: string, name: string, receiver: string): object {
  return {
    journal: {
      url: cluster.url(),
      spool: join(folder, `${name}.db`),
      // Long enough for the busiest machine; where nothing listens, that is known at once.
      commitTimeoutMs: 20_000,
    },
    endpoints: [
      {
        path: "/ustore/order-approval",
        kind: "ustore.order-approval",
        signatureKeys: [KEY],
        rules: [{ name: "all", when: "true", then: { group: 7 } }],
      },
      { path: "/cart", kind: "ustore.cart-export", signatureKeys: [KEY] },
      { path: "/events", kind: "events", auth: BASIC, forward: ["erp"] },
    ],
    destinations: { erp: { type: "http", url: receiver } },
  };
}

async function send(program: Program, number: number): Promise<number> {
  const response = await fetch(`${program.url}/events`, {
    method: "POST",
    headers: { Authorization: `Basic ${btoa("u:p4ssword")}`, "Content-Type": "application/json" },
    body: JSON.stringify({ type: "order.created", subject: `o/${number}`, data: { number } }),
  });
  await response.body?.cancel();
  return response.status;
}

async function detailsOf(program: Program) {
  const response = await fetch(`${program.adminUrl}/readyz`);
  return (await response.json()).details;
}

async function listed(config: string): Promise<readonly { readonly status: number }[]> {
  const { code, stdout, stderr } = await runProgram(
    ["deliveries", "list", "--limit", "1000", "--json", "--config", config],
  );
  assertEquals([code, stderr], [0, ""]);
  return stdout.trim().split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

Deno.test({
  name: "two programs share a journal on PostgreSQL" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  async fn(t) {
    const cluster = await startCluster();
    await using folder = await temporaryFolder();
    await using receiver = startReceiver();
    const files = await Promise.all(["one", "two"].map(async (name) => {
      const file = join(folder.path, `${name}.json`);
      const config = configOf(cluster, folder.path, name, receiver.url);
      await Deno.writeTextFile(file, JSON.stringify(config));
      return file;
    }));
    const [file = ""] = files;
    await using one = await startProgram({ config: file });
    await using two = await startProgram({ config: files[1] ?? "" });

    await t.step("each knows of both", async () => {
      await eventually("two instances", async () => {
        const { instances } = await detailsOf(one);
        return instances?.instances.length === 2 && instances.warnings === undefined;
      });
    });

    await t.step("an event that both get is kept and forwarded once", async () => {
      // Events without a subject are those of one: each is the newest when it comes again.
      for (let number = 0; number < 20; number++) {
        const statuses = await Promise.all([send(one, number), send(two, number)]);
        assertEquals(statuses, [204, 204]);
      }
      const received = await receiver.received(20);
      const bodies = received.map(({ body }) => new TextDecoder().decode(body));
      assertEquals(new Set(bodies).size, 20);
      await eventually(
        "nothing that waits",
        async () => (await detailsOf(two)).forwards?.waiting === 0,
      );
      assertEquals(receiver.count(), 20);
    });

    await t.step("an exported list has one identity, and its page is served by both", async () => {
      const answers = await Promise.all(
        [one, two].map((program) =>
          deliver(program, {
            target: "/cart",
            body: Deno.readTextFileSync("handlers/ustore/samples/cart_export.json"),
          })
        ),
      );
      const texts = answers.map(({ text }) => text);
      const [page] = /\/exports\/[\w-]{22}/.exec(texts[0] ?? "") ?? [];
      assertStringIncludes(texts[1] ?? "", page ?? "no page");
      for (const program of [one, two]) {
        const response = await fetch(`${program.url}${page}`);
        assertEquals(response.status, 200);
        await response.body?.cancel();
      }
    });

    await t.step("without the database decisions are answered, and recorded later", async () => {
      const before = (await listed(file)).length;
      await cluster.kill();
      for (const program of [one, two]) {
        const { status, text } = await deliver(program);
        assertEquals([status, JSON.parse(text).ApprovalGroupId], [200, 7]);
      }
      assertEquals(await send(one, 99), 503);
      assertEquals((await detailsOf(one)).spool.deliveries, 1);
      await cluster.start();
      await eventually("an empty spool", async () => {
        const states = await Promise.all([one, two].map(detailsOf));
        return states.every(({ spool }) => spool.deliveries === 0);
      });
      // What was refused meanwhile may have been recorded as such.
      const kept = (await listed(file)).filter(({ status }) => status === 200);
      assertEquals((await listed(file)).length >= before + 2, true);
      assert(kept.length >= 2);
      assertEquals(await send(two, 99), 204);
      await receiver.received(21);
    });
  },
});
