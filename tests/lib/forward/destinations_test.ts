import { assertEquals, assertStrictEquals } from "@std/assert";
import { createDestinations } from "../../../lib/forward/destinations.ts";
import { destinationSettings } from "../../../lib/forward/settings.ts";

function settingsOf(url: string) {
  return {
    erp: destinationSettings().parse({ type: "http", url }),
    files: destinationSettings().parse({ type: "folder", path: "/data/events" }),
  };
}

Deno.test("createDestinations() takes over what has the same name and settings", () => {
  const before = createDestinations(settingsOf("http://erp.example/a"));
  const same = createDestinations(settingsOf("http://erp.example/a"), before);
  assertStrictEquals(same.byName.get("erp"), before.byName.get("erp"));
  const changed = createDestinations(settingsOf("http://erp.example/b"), same);
  assertEquals(changed.byName.get("erp") === before.byName.get("erp"), false);
  assertStrictEquals(changed.byName.get("files"), before.byName.get("files"));
});
