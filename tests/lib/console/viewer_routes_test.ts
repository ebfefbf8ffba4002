/** Whatever could name a person carries a mark of its own, and no viewer gets to see any. */
import { assert, assertEquals } from "@std/assert";
import { CONSOLE_ROUTES } from "../../../lib/console/console.ts";
import type { Role } from "../../../lib/journal/console.ts";
import { type ConsoleWorld, TOKENS, withConsole } from "./console_world.ts";
import { broken, CONFIG, fill, type Ids, MARKED, marksIn, NOBODYS } from "./marked_world.ts";

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

Deno.test("who is not signed in learns from the documentation no reason that may name somebody", () =>
  withConsole(async ({ ask }) => {
    assertEquals(marksIn((await ask("/docs")).text), new Set());
  }, { config: CONFIG, wrap: broken }));
