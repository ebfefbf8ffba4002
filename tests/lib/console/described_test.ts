/** The API gives what its OpenAPI document says, and nothing else: to every role, by every route. */
import { assert, assertEquals } from "@std/assert";
import { CONSOLE_ROUTES } from "../../../lib/console/console.ts";
import type { Role } from "../../../lib/journal/console.ts";
import { newDeliveryId } from "../../../lib/journal/delivery.ts";
import { bytesOf, delivery } from "../journal/samples.ts";
import { type ConsoleWorld, withConsole } from "./console_world.ts";
import { undescribedOf } from "./described.ts";
import { broken, CONFIG, fill, type Ids } from "./marked_world.ts";
import { orderOf, recordOrder } from "./recorded_orders.ts";

/** Deliveries of several kinds: decided, repeated, of tax, of nobody, and what cannot be read. */
async function fillMore(world: ConsoleWorld): Promise<readonly string[]> {
  const failed = newDeliveryId();
  const endpoint = "/approval";
  await world.journal.record(delivery({
    ...{ id: failed, endpoint, receivedAt: Date.now() - 9, status: 503, decisions: [] },
    body: new Uint8Array([0, 255, 1]),
    answer: bytesOf('{"message":"Later","code":"overloaded"}'),
  }));
  const decided = await recordOrder(world, {
    body: orderOf("612.40"),
    answer: bytesOf('{"ApprovalGroupId":10065,"IsApprovalNeeded":true}'),
    decisions: [{ rule: "large orders", outcome: { group: 10065 }, tried: 1, failures: [] }],
  });
  return [failed, decided, await recordOrder(world)];
}

/** Every address of a route. */
function placesOf(path: string, ids: Ids, more: readonly string[]): readonly string[] {
  const [noun] = path.split("/").filter((part) => part !== "");
  const known = noun === "events"
    ? [ids.event]
    : noun === "forwards"
    ? [ids.forward]
    : [ids.delivery, ids.refused, ...more, newDeliveryId()];
  const named = path.replace("{name}", noun === "services" ? "budget" : "erp");
  const placed = named.includes("{endpoint...}")
    ? ["approval", "shop", "none"].map((one) => named.replace("{endpoint...}", one))
    : [named];
  return placed.flatMap((one) =>
    one.includes("{id}") ? known.map((id) => one.replace("{id}", id)) : [one]
  );
}

function sentTo(path: string, { forward }: Ids): readonly object[] {
  if (path === "/doctor") {
    return [{ endpoint: "/approval", body: "{}", signature: "abc" }, { endpoint: "/none" }];
  }
  if (!path.startsWith("/forwards/")) return [{}];
  return [{}, { destination: "erp", dryRun: true }, { ids: [forward] }, { state: "odd" }];
}

async function check(world: ConsoleWorld, role: Role): Promise<ReadonlySet<number>> {
  const ids = await fill(world);
  const more = await fillMore(world);
  const found: string[] = [];
  const statuses = new Set<number>();
  for (const { method, path } of CONSOLE_ROUTES) {
    if (path === "/live") continue;
    for (const place of placesOf(path, ids, more)) {
      const sent = method === "POST" ? sentTo(path, ids).map((json) => ({ json })) : [{}];
      for (const asking of sent) {
        const answer = await world.ask(`/api/v1${place}`, { ...asking, as: role });
        statuses.add(answer.status);
        if (answer.json === undefined) continue;
        // What was sent may be JSON; that it is handed out byte by byte is what is described.
        if (answer.headers.has("Content-Disposition")) continue;
        found.push(...undescribedOf(`${method} ${path}`, answer));
      }
    }
  }
  assertEquals([...new Set(found)], [], role);
  return statuses;
}

for (const role of ["viewer", "operator", "admin"] as const) {
  Deno.test(`what the API gives the role ${role} is what its description says, and no more`, () =>
    withConsole(async (world) => {
      const statuses = await check(world, role);
      for (const status of [200, 404]) assert(statuses.has(status), `${status} was never seen`);
    }, { config: CONFIG, wrap: broken }));
}

Deno.test("the description has every answer of the API that is JSON", () => {
  assertEquals(undescribedOf("GET /nothing", { status: 200, json: {} }).length, 1);
  const odd = { id: "1", curl: "curl", more: 1 };
  assertEquals(undescribedOf("GET /deliveries/{id}/curl", { status: 200, json: odd }).length, 1);
});
