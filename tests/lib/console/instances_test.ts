import { assertEquals, assertStringIncludes } from "@std/assert";
import { describeInstances, describeSpool } from "../../../lib/cli/serve/instances.ts";
import { overviewOf } from "../../../lib/console/queries/overview.ts";
import { withConsole } from "./console_world.ts";

const one = {
  id: "1",
  host: "ustore-1",
  version: "1.2.3",
  config: "abc",
  startedAt: 0,
  silentMs: 2000,
  isThis: true,
};

Deno.test("the overview shows the instances that share a journal, and what should not be", () =>
  withConsole(async ({ context, ask }) => {
    assertEquals((await ask("/api/v1/overview", { as: "viewer" })).json.instances, []);
    const other = { ...one, id: "2", host: "ustore-2", config: "xyz", isThis: false };
    const shared = {
      ...context,
      readiness: () =>
        Promise.resolve({
          ready: true,
          details: {
            spool: describeSpool({ deliveries: 3, withEvents: 0, oldestAt: 1 }),
            instances: describeInstances([one, other]),
          },
        }),
    };
    const { instances, attention } = await overviewOf(shared, "day");
    assertEquals(instances.map(({ host, config, isThis }) => [host, config, isThis]), [
      ["ustore-1", "abc", true],
      ["ustore-2", "xyz", false],
    ]);
    const texts = attention.map(({ text }) => text).join("\n");
    assertStringIncludes(texts, "3 decisions are in the spool of this server");
    assertStringIncludes(texts, "different configs: abc on ustore-1, xyz on ustore-2");
    // What can't be asked just now is no reason to show nothing.
    const away = {
      ...context,
      readiness: () => Promise.resolve({ ready: true, details: { instances: null } }),
    };
    assertEquals((await overviewOf(away, "day")).instances, []);
  }));
