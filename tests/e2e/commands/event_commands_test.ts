/** The platforms are played, and what became of their events is looked at and changed. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { serveHttp } from "../http_server.ts";
import { runProgram, startProgram, temporaryFolder } from "../program.ts";
import { runHere } from "../run_here.ts";
import { within } from "../waits.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const KEYS = { emporix: "password123", ultracart: "ultracart:p:w", events: SECRET };

/** A receiver that fails until it is told otherwise. */
function startReceiver() {
  const received: string[] = [];
  let works = false;
  let next = Promise.withResolvers<void>();
  const server = serveHttp(async (r) => {
    const body = await r.text();
    if (works) received.push(body);
    next.resolve();
    next = Promise.withResolvers();
    return new Response(null, { status: works ? 204 : 500 });
  });
  return {
    url: `${server.url}/`,
    received,
    called: () => within("a call of the receiver", next.promise),
    mend: () => void (works = true),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

function configFor(receiver: string) {
  const forward = ["erp"];
  return {
    server: { port: 0 },
    endpoints: [
      {
        path: "/emporix",
        kind: "emporix.events",
        auth: { type: "emporix", secrets: [KEYS.emporix] },
        forward,
      },
      {
        path: "/svix",
        kind: "emporix.events",
        auth: { type: "standard-webhooks", secrets: [SECRET] },
      },
      {
        path: "/ultracart",
        kind: "ultracart.events",
        auth: { type: "basic", username: "ultracart", password: "p:w" },
      },
      {
        path: "/events",
        kind: "events",
        auth: { type: "standard-webhooks", secrets: [SECRET] },
      },
    ],
    destinations: { erp: { type: "http", url: receiver } },
  };
}

Deno.test("events are sent, listed, shown, cancelled and retried beside a running server", async () => {
  await using receiver = startReceiver();
  await using folder = await temporaryFolder();
  const config = join(folder.path, "config.json");
  await Deno.writeTextFile(config, JSON.stringify(configFor(receiver.url)));
  const env = { STOREHOOK_JOURNAL_PATH: join(folder.path, "journal.db") };
  await using program = await startProgram({ config, env });
  const run = async (...args: readonly string[]) => {
    const ran = await runProgram(args, { env });
    assertEquals(ran.stderr, "", args.join(" "));
    return ran;
  };
  const look = (...args: readonly string[]) => run(...args, "--config", config);
  const send = (kind: string, path: string, key: string) =>
    run("send", kind, "--to", `${program.url}${path}`, "--key", key);

  const firstCall = receiver.called();
  const sent = await Promise.all([
    send("emporix.events", "/emporix", KEYS.emporix),
    send("emporix.events", "/svix/cart.closed", SECRET),
    send("ultracart.events", "/ultracart", KEYS.ultracart),
    send("events", "/events", SECRET),
  ]);
  for (const { code, stdout } of sent) {
    assertEquals(code, 0);
    assertMatch(stdout, /^status {6}204\nsignature {3}unsigned\nshape {7}ok\n/);
  }
  const stranger = await send("ultracart.events", "/ultracart", "ultracart:wrong");
  assertEquals(stranger.code, 1);
  assertMatch(stranger.stdout, /^status {6}401\n/);
  const wrongKey = await runHere(
    ["send", "events", "--to", `${program.url}/events`, "--key", "whsec_short"],
  );
  assertEquals([wrongKey.code, wrongKey.stdout], [2, ""]);
  assertEquals(wrongKey.stderr.includes("short"), false);

  const { stdout } = await look("events", "list", "--json");
  const events = stdout.split("\n").slice(0, -1).map((line) => JSON.parse(line));
  assertEquals(events.map(({ endpoint, type }) => `${endpoint} ${type}`).sort(), [
    "/emporix cart.created",
    "/events example.created",
    "/svix cart.closed",
    "/ultracart order_create",
  ]);
  const id: string = events.find(({ endpoint }) => endpoint === "/emporix").id;

  await firstCall;
  assertEquals(
    (await look("forwards", "cancel", "--destination", "erp")).stdout,
    "1 forward cancelled\n",
  );
  assertStringIncludes((await look("events", "show", id)).stdout, "\n  erp: cancelled  ");
  receiver.mend();
  const delivered = receiver.called();
  const retry = await look("forwards", "retry", "--destination", "erp", "--state", "cancelled");
  assertEquals([retry.code, retry.stdout], [0, "1 forward due now\n"]);
  await delivered;
  assertEquals(receiver.received.length, 1);
  const [line = ""] = (await look("events", "export", "--endpoint", "/emporix")).stdout.split("\n");
  assertEquals(receiver.received[0], JSON.parse(line).payload);
});

Deno.test("emporix config writes a URL for each event type", async () => {
  const to = "https://hooks.example/emporix";
  const one = await runProgram(["emporix", "config", "--to", to, "--events", "ORDER.created"]);
  assertEquals([one.code, JSON.parse(one.stdout)], [0, [
    { eventType: "order.created", destinationUrl: `${to}/order.created` },
  ]]);
  const all = await runHere(["emporix", "config", "--to", to]);
  assertEquals(JSON.parse(all.stdout).length, 7);
  const wrong = await runHere(["emporix", "config", "--to", to, "--events", "cart"]);
  assertEquals([wrong.code, wrong.stdout], [2, ""]);
  assertMatch(wrong.stderr, /^Cannot use the event type "cart": /);
});
