import { assertEquals } from "@std/assert";
import { createNone } from "../../../lib/auth/passwords.ts";
import { findOverlaps } from "../../../lib/config/warnings.ts";
import { fakeEndpoint } from "../http/fake_endpoint.ts";

function endpointOf(path: string, below: boolean) {
  const ingestion = { below, json: true };
  return fakeEndpoint(createNone(), { path, ingestion });
}

Deno.test("findOverlaps() names the nearest endpoint that takes what is below it", () => {
  const endpoints = [
    endpointOf("/emporix/b/c", false),
    endpointOf("/emporix/b", true),
    undefined,
    endpointOf("/emporix", true),
    endpointOf("/emporixb", true),
    endpointOf("/billing", false),
    endpointOf("/billing/eu", true),
    endpointOf("/exports", true),
  ];
  assertEquals(findOverlaps(endpoints).map(({ message }) => message), [
    'found "/emporix/b/c", which lies below endpoints[1] ("/emporix/b"): what is sent there goes ' +
    "to the longer path",
    'found "/emporix/b", which lies below endpoints[3] ("/emporix"): what is sent there goes to ' +
    "the longer path",
    'found "/exports", where the server answers what is below "/exports/" itself',
  ]);
});
