/** Whatever could name a person carries a mark of its own, and no viewer gets to see any. */
import { assert, assertEquals } from "@std/assert";
import { CONSOLE_ROUTES } from "../../../lib/console/console.ts";
import type { ConsoleContext } from "../../../lib/console/context.ts";
import type { Role } from "../../../lib/journal/console.ts";
import { newDeliveryId } from "../../../lib/journal/delivery.ts";
import { bytesOf, delivery, event, refusal } from "../journal/samples.ts";
import { type ConsoleWorld, KEY, TOKENS, withConsole } from "./console_world.ts";

/** Everything that was marked, and what for. */
const MARKED = new Map<string, string>();

/** A word that stands nowhere else; in letters, for digits may be shown. */
function mark(what: string): string {
  const word = `zq${String.fromCharCode(97 + MARKED.size / 26, 97 + MARKED.size % 26)}qz`;
  MARKED.set(word, what);
  return word;
}

const CONDITION =
  `order.user.email == "${mark("text of a condition")}" && order.total > 500.0 && ` +
  `!(order.user.department in ["${mark("text in a list")}", '${mark("text in quotes")}'])`;

const CONFIG = {
  server: { publicUrl: `https://hooks.example/${mark("path of the public URL")}` },
  endpoints: [
    {
      path: "/approval",
      kind: "ustore.order-approval",
      signatureKeys: [KEY],
      rules: [
        { name: "large orders", when: CONDITION, then: { reject: mark("text of a rejection") } },
      ],
      otherwise: { reject: mark("text of a rejection otherwise") },
    },
    {
      path: "/shop",
      kind: "events",
      auth: { type: "none" },
      forward: [{
        to: "erp",
        when: `event.type == "order.placed" || event.subject == "${mark("text of a filter")}"`,
      }],
    },
  ],
  services: { budget: { url: `http://127.0.0.1:9/${mark("path of a service")}` } },
  destinations: {
    erp: { type: "http", url: `http://127.0.0.1:9/${mark("path of a destination")}` },
    mis: { type: "folder", path: `out/${mark("folder of a destination")}` },
  },
};

/** What operators are shown nowhere either, as it stands in what they do not see of the config. */
const NOBODYS = new Set(["path of the public URL"]);

const REASONS = {
  ready: mark("why it is not ready"),
  config: mark("why the config is not served"),
  destination: mark("the last error of a destination"),
  host: mark("the name of a machine"),
};

function broken(context: ConsoleContext): ConsoleContext {
  const instance = { host: REASONS.host, version: "1", config: "ab", silentSeconds: 0 };
  const instances = [{ ...instance, startedAt: new Date().toISOString(), isThis: true }];
  return {
    ...context,
    notServed: () => ({ message: REASONS.config, since: new Date().toISOString() }),
    destinations: () => [{
      ...{
        name: "erp",
        running: 0,
        failuresInRow: 2,
        failingSince: 1,
        paused: null,
        disabled: null,
      },
      lastError: REASONS.destination,
    }],
    readiness: () =>
      Promise.resolve({
        ready: false,
        reason: REASONS.ready,
        part: "the journal",
        details: { instances: { instances, warnings: [`${REASONS.host} has another config`] } },
      }),
  };
}

const SENDERS_ID = mark("the id of a request that its sender chose");

const ORDER = {
  Order: {
    "@OrderId": mark("an order number of letters"),
    "@DisplayOrderId": mark("a shown order number of letters"),
    Currency: mark("a currency"),
    User: {
      Email: `${mark("an address")}@example.com`,
      FirstName: mark("a first name"),
      Department: mark("a department"),
    },
    Note: mark("a note of the shopper"),
  },
};

interface Ids {
  readonly delivery: string;
  readonly refused: string;
  readonly event: string;
  readonly forward: string;
}

/** Puts into a journal what holds something personal wherever it can. */
async function fill({ journal }: ConsoleWorld): Promise<Ids> {
  const ids = { delivery: newDeliveryId(), refused: newDeliveryId() };
  const receivedAt = Date.now() - 5000;
  const outcome = { reject: mark("a rejection in a decision") };
  await journal.record(
    delivery({
      ...{ id: ids.delivery, endpoint: "/approval", receivedAt, requestId: SENDERS_ID },
      remoteAddress: mark("the address of a client"),
      verifiedBy: `key 3f2a91bc, ${mark("a further key")}`,
      headers: [["x-request-id", SENDERS_ID], ["x-shopper", mark("a header")]],
      body: bytesOf(JSON.stringify(ORDER)),
      answer: bytesOf(JSON.stringify({ message: mark("an answer") })),
      note: mark("a note of a delivery"),
      rules: [
        { name: "first", when: `order.total > '${mark("a text of a rule that failed")}'` },
        { name: "large orders", when: CONDITION },
      ],
      decisions: [{
        ...{ rule: "large orders", outcome, tried: 2, subject: mark("a subject of a decision") },
        failures: [{ rule: "first", reason: mark("why a rule failed") }],
        row: {
          ...{ rule: "large orders", line: 3, note: mark("a note of a row") },
          cells: { email: mark("a cell of a row") },
        },
        asked: {
          ...{ service: "budget", attempts: 1, status: 200, durationMs: 3 },
          said: { comment: mark("what a service said") },
          refusal: mark("with what a service refused"),
          failure: mark("how a service failed"),
        },
      }],
    }),
    {
      events: [event({
        source: "shop",
        type: mark("a type of events that nobody knows"),
        candidates: [mark("a type that it may have")],
        subject: `customer/${mark("a subject of an event")}`,
        key: mark("a key of an event"),
        warnings: [mark("a warning")],
        payload: bytesOf(JSON.stringify({ name: mark("a payload") })),
      })],
    },
  );
  await journal.record(refusal({
    ...{ id: ids.refused, endpoint: "/approval", receivedAt },
    headers: [["x-signature", mark("a signature")]],
    body: bytesOf(JSON.stringify({ name: mark("a refused body") })),
    answer: bytesOf(JSON.stringify({ message: mark("what a refused one was told") })),
    note: mark("why it was refused"),
  }));
  const leasing = { owner: "w", destination: "erp", limit: 1, leaseMs: 1e5, now: 1e14 } as const;
  const [leased] = await journal.outbox.lease({ ...leasing, ordered: false });
  const [first] = (await journal.events.list()).events;
  assert(leased !== undefined && first !== undefined);
  const made = { startedAt: 1, durationMs: 1, status: 500, error: mark("an error of an attempt") };
  await journal.outbox.complete(leased.lease, made, { state: "failed" });
  return { ...ids, event: first.id, forward: leased.lease.id };
}

/** Every address of a route or a page, of which there may be several. */
function placesOf(path: string, ids: Ids): readonly string[] {
  const [noun] = path.split("/").filter((part) => part !== "");
  const known = noun === "events"
    ? [ids.event]
    : noun === "forwards"
    ? [ids.forward]
    : [ids.delivery, ids.refused];
  const named = path.replace("{name}", noun === "services" ? "budget" : "erp")
    .replace("{endpoint...}", "approval");
  return named.includes("{id}") ? known.map((id) => named.replace("{id}", id)) : [named];
}

/** All that a role can read: every page and route there is, and a look at what happens. */
async function everythingFor(role: Role, world: ConsoleWorld, ids: Ids): Promise<string> {
  const texts: string[] = [];
  const look = async (path: string) => {
    const { status, text } = await world.ask(path, { as: role });
    assert([200, 403, 404, 409].includes(status), `${path} ${status}`);
    if (status === 200) texts.push(text);
  };
  for (const { path, method, page, pagePath } of CONSOLE_ROUTES) {
    if (method !== "GET" || path === "/live") continue;
    for (const place of placesOf(path, ids)) await look(`/api/v1${place}`);
    if (page === undefined) continue;
    for (const place of placesOf(pagePath ?? path, ids)) await look(place);
  }
  for (const path of ["/api/v1/deliveries/export?format=jsonl", "/docs", "/docs/console"]) {
    await look(path);
  }
  return texts.join("\n");
}

/** What the stream tells of a delivery and an event that come now. */
async function toldTo(role: Role, world: ConsoleWorld): Promise<string> {
  const request = new Request("http://127.0.0.1:8081/api/v1/live", {
    headers: { Host: "127.0.0.1:8081", Authorization: `Bearer ${TOKENS[role]}` },
  });
  const response = await world.console.answer(request, { remoteAddress: "127.0.0.1" });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  assert(reader !== undefined);
  let told = "";
  try {
    const deadline = Date.now() + 10_000;
    while (!told.includes("event: events")) {
      const { value = "", done } = await reader.read();
      assert(!done && Date.now() < deadline, "nothing was told within ten seconds");
      told += value;
      if (!told.includes("event: counts") || told.includes("event: deliveries")) continue;
      await fill(world);
    }
  } finally {
    await reader.cancel();
  }
  return told;
}

function marksIn(text: string): ReadonlySet<string> {
  return new Set([...MARKED].filter(([word]) => text.includes(word)).map(([, what]) => what));
}

Deno.test("a viewer sees no text that may name a person, on any page and by any route", () =>
  withConsole(async (world) => {
    const ids = await fill(world);
    assertEquals(marksIn(await everythingFor("viewer", world, ids)), new Set());
    // All of it is there for who may see it: else nothing was shown above.
    const seen = marksIn(await everythingFor("operator", world, ids));
    assertEquals([...MARKED.values()].filter((what) => !seen.has(what) && !NOBODYS.has(what)), []);
  }, { config: CONFIG, wrap: broken }));

Deno.test("a viewer is told nothing personal of what comes, and an operator is", () =>
  withConsole(async (world) => {
    assertEquals(marksIn(await toldTo("viewer", world)), new Set());
    const seen = marksIn(await toldTo("operator", world));
    for (const what of ["a subject of an event", "an order number of letters"]) {
      assert(seen.has(what), what);
    }
  }, { config: CONFIG }));

Deno.test("a viewer sees the numbers that are of nobody, and names of the config", () =>
  withConsole(async ({ ask, journal }) => {
    const id = newDeliveryId();
    const own = crypto.randomUUID();
    const [zip, large] = ["order.user.zip == 10115", "order.total > 500.0"];
    await journal.record(delivery({
      ...{ id, endpoint: "/approval", receivedAt: Date.now() - 5000, requestId: own },
      headers: [],
      body: bytesOf(JSON.stringify({
        Order: { "@DisplayOrderId": "28604", TotalPrice: "612.40" },
      })),
      answer: bytesOf('{"ApprovalGroupId":10065,"IsApprovalNeeded":true}'),
      rules: [{ name: "of a town", when: zip }, { name: "large orders", when: large }],
      decisions: [{ rule: "large orders", outcome: { group: 10065 }, tried: 2, failures: [] }],
    }));
    const { json } = await ask(`/api/v1/deliveries/${id}`, { as: "viewer" });
    assertEquals(json.requestId, own);
    assertEquals(json.decisions[0].outcome, { group: 10065 });
    assertEquals(
      json.decisions[0].trace.map(({ rule, when }: Record<string, unknown>) => [rule, when]),
      [["of a town", "order.user.zip == '[hidden]'"], ["large orders", large]],
    );
    assertEquals(json.brief.answer, "group 10065 must approve");
    const page = await ask(`/deliveries/${id}`, { as: "viewer" });
    // Where nothing of it is shown, nothing is said of what more there is.
    assertEquals(page.text.includes("the whole is a download"), false);
    for (const shown of ["10065", "large orders", own]) assert(page.text.includes(shown), shown);
  }));

Deno.test("a viewer sees of a currency and of a property's name nothing that its sender wrote", () =>
  withConsole(async ({ ask, journal }) => {
    const id = newDeliveryId();
    const property = "D'Arcy O'Brien";
    const rules = [
      { name: "by name", when: "order.items.exists(i, i.properties[order.user.lastName] == 'x')" },
      { name: "large orders", when: "order.total > 500.0" },
    ];
    const order = {
      "@DisplayOrderId": "28604",
      "@primaryCurrency": "Jane Public",
      Prices: { TotalPrice: "612.40" },
      User: { LastName: property },
      OrderProducts: {
        OrderProduct: [{
          "@id": "1",
          PropertyValues: { PropertyValue: [{ Property: { DisplayName: "size" }, Value: "A4" }] },
        }],
      },
    };
    await journal.record(delivery({
      ...{ id, endpoint: "/approval", receivedAt: Date.now() - 5000, rules },
      body: bytesOf(JSON.stringify({ Order: order })),
      answer: bytesOf('{"ApprovalGroupId":10065,"IsApprovalNeeded":true}'),
      decisions: [{ rule: "large orders", outcome: { group: 10065 }, tried: 2, failures: [] }],
    }));
    const readBy = async (role: Role) => (await ask(`/api/v1/deliveries/${id}`, { as: role })).json;
    const told = async (role: Role) => JSON.stringify(await readBy(role));
    const personal = ["Jane Public", "Arcy", "Brien"];
    // An operator sees all of it: else nothing was told above.
    const seen = await told("operator");
    assertEquals(personal.filter((text) => !seen.includes(text)), []);
    const shown = `${await told("viewer")} ${
      (await ask(`/deliveries/${id}`, { as: "viewer" })).text
    }`;
    assertEquals(personal.filter((text) => shown.includes(text)), []);
    const { decisions } = await readBy("viewer");
    const paths = decisions[0].trace[0].values.map(({ path }: { readonly path: string }) => path);
    assert(paths.includes("order.items[0].properties['[hidden]']"), paths.join());
  }));

Deno.test("the id of a request is hidden from viewers where its sender may have chosen it", () =>
  withConsole(async ({ ask, journal }) => {
    const chosen = crypto.randomUUID();
    const idFor = async (parts: Parameters<typeof delivery>[0]) => {
      const id = newDeliveryId();
      await journal.record(delivery({ id, requestId: chosen, headers: [], ...parts }));
      const { json } = await ask(`/api/v1/deliveries/${id}`, { as: "viewer" });
      return json.requestId;
    };
    assertEquals(await idFor({}), chosen);
    assertEquals(await idFor({ headers: [["X-Request-Id", chosen]] }), "[hidden]");
    assertEquals(await idFor({ requestId: "jane-public" }), "[hidden]");
    // What came behind so many headers was not kept.
    const headers = Array.from({ length: 64 }, (_, index) => [`x-${index}`, "1"] as const);
    assertEquals(await idFor({ headers, verifiedBy: null, status: 401 }), "[hidden]");
  }));

Deno.test("a viewer cannot find out that a text is there by looking for it", () =>
  withConsole(async (world) => {
    const { ask } = world;
    await fill(world);
    for (
      const query of [
        "deliveries?text=jane",
        "deliveries?shopper=jane",
        "deliveries?order=jane",
        "deliveries?verifiedBy=jane",
        "deliveries?rule=for+jane%40example.com",
        "deliveries/export?shopper=jane",
        "events?text=jane",
        "events?subject=x",
        "events?type=jane.public",
      ]
    ) {
      const { status, json } = await ask(`/api/v1/${query}`, { as: "viewer" });
      assertEquals([status, json.code], [403, "role_too_low"], query);
      assertEquals((await ask(`/api/v1/${query}`, { as: "operator" })).status, 200, query);
    }
    for (
      const query of [
        "deliveries?order=28604&rule=large+orders&status=4xx&since=1h&limit=3&refused=true",
        "deliveries?verifiedBy=key+3f2a91bc&kind=ustore.order-approval&endpoint=/approval",
        "events?type=order.placed&source=shop&warnings=true",
        "forwards?state=failed&destination=erp",
        "deliveries?text=&shopper=",
      ]
    ) {
      assertEquals((await ask(`/api/v1/${query}`, { as: "viewer" })).status, 200, query);
    }
  }, { config: CONFIG }));

Deno.test("a viewer is offered no rule to search by that names somebody", () =>
  withConsole(async ({ ask }) => {
    const mail = "jane.public@example.com";
    const offers = async (role: Role) =>
      (await ask("/deliveries", { as: role })).text.includes(mail);
    assertEquals([await offers("viewer"), await offers("operator")], [false, true]);
    const { text } = await ask("/deliveries", { as: "viewer" });
    assertEquals(text.includes("for [hidden]"), false);
  }, {
    config: {
      endpoints: [{
        path: "/approval",
        kind: "ustore.order-approval",
        signatureKeys: [KEY],
        rules: [{
          name: "for jane.public@example.com",
          when: "true",
          then: { approve: true },
        }],
        otherwise: { approve: true },
      }],
      destinations: {},
      services: {},
    },
  }));

Deno.test("who is not signed in learns from the documentation no reason that may name somebody", () =>
  withConsole(async ({ ask }) => {
    assertEquals(marksIn((await ask("/docs")).text), new Set());
  }, { config: CONFIG, wrap: broken }));
