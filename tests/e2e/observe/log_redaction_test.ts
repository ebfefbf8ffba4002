import { assert, assertEquals, assertGreater } from "@std/assert";
import { join } from "@std/path";
import { MARK, personalTexts, SECRETS, signedRequests } from "./log_sources.ts";
import { startProgram, temporaryFolder } from "../program.ts";

/** Rules that fail at what they read, in each way in which a rule can quote it. */
const QUOTING_RULES = [
  "number(order.user.firstName) > 1.0",
  "duration(order.user.lastName) > duration('1s')",
  "order.store.externalId.matches(order.user.email)",
  "order.total > 1000000.0",
];

function configOf(logFile: string): object {
  const { ustore, emporix, ultracart, forward, forwardHeader, forwardUrl } = SECRETS;
  const signatureKeys = [ustore];
  const rules = (then: object, conditions: readonly string[]) =>
    conditions.map((when, index) => ({ name: `rule ${index}`, when, then }));
  return {
    log: { level: "trace", file: logFile },
    endpoints: [
      {
        path: "/ustore/order_approval",
        kind: "ustore.order-approval",
        signatureKeys,
        rules: rules({ approve: true }, QUOTING_RULES),
        otherwise: { group: 1 },
      },
      {
        path: "/ustore/manufacturer",
        kind: "ustore.manufacturer",
        signatureKeys,
        rules: rules({ keep: true }, [...QUOTING_RULES, "number(item.shipTo.name) > 1.0"]),
        otherwise: { keep: true },
      },
      { path: "/ustore/cart_export", kind: "ustore.cart-export", signatureKeys },
      {
        path: "/emporix",
        kind: "emporix.events",
        auth: { type: "emporix", secrets: [emporix] },
        forward: [{ to: "erp", when: "number(event.type) > 1.0" }],
      },
      {
        path: "/ultracart",
        kind: "ultracart.events",
        auth: { type: "basic", username: "ultracart", password: ultracart },
        forward: ["erp"],
      },
      {
        path: "/events",
        kind: "events",
        auth: { type: "standard-webhooks", secrets: [SECRETS.webhooks] },
      },
    ],
    destinations: {
      erp: {
        type: "http",
        // Nobody listens there.
        url: `http://erp:${forwardUrl}@127.0.0.1:9/hooks?token=${forwardUrl}`,
        secret: forward,
        headers: { "X-Api-Key": forwardHeader },
      },
    },
  };
}

/** How a secret can stand in a text. */
function notations(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  return [secret, json, JSON.stringify(json).slice(1, -1), encodeURIComponent(secret)];
}

Deno.test("the log shows no secret and nothing of a person, whatever is sent", async () => {
  await using folder = await temporaryFolder();
  const logFile = join(folder.path, "logs", "storehook.log");
  await using program = await startProgram({ config: configOf(logFile) });

  let sent = 0;
  async function send(path: string, headers: object, body: string): Promise<void> {
    const response = await fetch(program.url + path, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers, "X-Request-Id": `r-${++sent}` },
      body,
    });
    await response.body?.cancel();
  }
  for (const { path, headers, body } of await signedRequests()) {
    await send(path, headers, body);
    // A secret in the wrong place, and no signature.
    await send(`${path}?token=${encodeURIComponent(SECRETS.ustore)}&mail=a@${MARK}.example`, {
      "X-Signature": encodeURIComponent(SECRETS.ustore),
      "User-Agent": SECRETS.emporix,
      "Authorization": `Bearer ${SECRETS.webhooks}`,
    }, body);
  }
  await send(`/emporix/${SECRETS.emporix}`, {}, "{}");
  await program.logged(/forward .+ failed: /);
  program.kill("SIGTERM");
  await program.status;

  const file = await Deno.readTextFile(logFile);
  assertEquals(file, program.stderr());
  for (let index = 1; index <= sent; index++) assert(file.includes(`"requestId":"r-${index}"`));
  const failures = file.split("\n").filter((line) => line.includes("counts as no match"));
  assertGreater(failures.length, 10);
  const leaks = [...Object.values(SECRETS).flatMap(notations), ...personalTexts(), MARK]
    .filter((text) => file.includes(text));
  assertEquals([leaks, /\w@[\w-]+\.\w/.exec(file)], [[], null]);
});
