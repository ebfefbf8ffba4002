import { assertEquals } from "@std/assert";
import { readEnvironment } from "../../../lib/config/environment.ts";
import { formatPath } from "../../../lib/config/mistake.ts";
import { fakeKind } from "./fake_kind.ts";
import { loadFine, mistakesOf } from "./load_text.ts";

const endpoint = { path: "/a", kind: "fake.kind", signatureKeys: ["first"] };

function read(variables: Readonly<Record<string, string>>, value: unknown = {}) {
  const environment = { get: (name: string) => variables[name], names: Object.keys(variables) };
  return readEnvironment(environment, value, [fakeKind]);
}

Deno.test("readEnvironment() knows every scalar of the sections", () => {
  const names = {
    STOREHOOK_SERVER_HOSTNAME: "server.hostname",
    STOREHOOK_SERVER_PORT: "server.port",
    STOREHOOK_SERVER_PUBLIC_URL: "server.publicUrl",
    STOREHOOK_SERVER_MAX_BODY_BYTES: "server.maxBodyBytes",
    STOREHOOK_SERVER_BODY_TIMEOUT_MS: "server.bodyTimeoutMs",
    STOREHOOK_ADMIN_HOSTNAME: "admin.hostname",
    STOREHOOK_ADMIN_PORT: "admin.port",
    STOREHOOK_JOURNAL_PATH: "journal.path",
    STOREHOOK_JOURNAL_RETENTION_DAYS: "journal.retentionDays",
  };
  const { overrides, warnings } = read(names);
  const found = overrides.map(({ path, from }) => [from, formatPath(path)]);
  assertEquals(Object.fromEntries(found), names);
  assertEquals(warnings, []);
});

Deno.test("readEnvironment() knows the settings of an endpoint, in the file or not", () => {
  const { overrides } = read({
    STOREHOOK_ENDPOINTS_0_DEFAULT_GROUP: "7",
    STOREHOOK_ENDPOINTS_0_PATH: "/b",
    STOREHOOK_ENDPOINTS_0_SIGNATURE_KEYS_0: "second",
    STOREHOOK_ENDPOINTS_1_PATH: "/none",
  }, { endpoints: [endpoint] });
  assertEquals(overrides.map(({ path }) => formatPath(path)).toSorted(), [
    "endpoints[0].defaultGroup",
    "endpoints[0].path",
    "endpoints[0].signatureKeys[0]",
  ]);
});

Deno.test("readEnvironment() knows services and destinations by their names in the file", () => {
  const { overrides } = read(
    { STOREHOOK_SERVICES_PRICING_TIMEOUT_MS: "1", STOREHOOK_DESTINATIONS_MY_ERP_URL: "x" },
    { services: { pricing: {} }, destinations: { "my-erp": { type: "http" } } },
  );
  assertEquals(overrides.map(({ path }) => formatPath(path)).toSorted(), [
    "destinations.my-erp.url",
    "services.pricing.timeoutMs",
  ]);
});

Deno.test("readEnvironment() warns of names that stand for nothing, with the nearest", () => {
  const { warnings, overrides } = read({
    STOREHOOK_SERVER_PRT: "1",
    STOREHOOK_CONFIG: "x",
    STOREHOOK_SERVER_PORT: "",
    PATH: "x",
  });
  assertEquals(overrides, []);
  assertEquals(warnings, [{
    path: [],
    message: "found STOREHOOK_SERVER_PRT in the environment, wanted the name of a setting",
    hint: "Did you mean STOREHOOK_SERVER_PORT?",
  }]);
});

Deno.test("readEnvironment() refuses a name that stands for two settings", () => {
  const { mistakes } = read(
    { STOREHOOK_DESTINATIONS_A_B_URL: "x" },
    { destinations: { "a-b": { url: "" }, "a_b": { url: "" } } },
  );
  assertEquals(mistakes, [{
    path: ["destinations", "a_b", "url"],
    message: "found STOREHOOK_DESTINATIONS_A_B_URL in the environment, which names both " +
      "destinations.a-b.url and destinations.a_b.url",
  }]);
});

Deno.test("loadConfig() takes flag, environment, file and default in this order", async () => {
  const config = { server: { port: 1, hostname: "localhost" }, endpoints: [endpoint] };
  const env = { STOREHOOK_SERVER_PORT: "2" };
  const port = async (...args: Parameters<typeof loadFine>) =>
    (await loadFine(...args)).config.server.port;
  assertEquals(await port({ endpoints: [endpoint] }), 8080);
  assertEquals(await port(config), 1);
  assertEquals(await port(config, { env }), 2);
  assertEquals(await port(config, { env, flags: { port: 3 } }), 3);
});

Deno.test("loadConfig() lets the environment replace a ${…} that can't be filled in", async () => {
  const config = { endpoints: [{ ...endpoint, defaultGroup: "${UNSET}" }] };
  const env = { STOREHOOK_ENDPOINTS_0_DEFAULT_GROUP: " 12 " };
  const { config: { endpoints } } = await loadFine(config, { env });
  assertEquals(endpoints[0]?.settings.defaultGroup, 12);
});

Deno.test("loadConfig() takes a value of the environment as it is, ${ included", async () => {
  const env = { STOREHOOK_ENDPOINTS_0_SIGNATURE_KEYS_0: "a${B}" };
  const { config: { endpoints } } = await loadFine({ endpoints: [endpoint] }, { env });
  assertEquals(endpoints[0]?.settings.signatureKeys, ["a${B}"]);
});

Deno.test("loadConfig() names the variable or the flag that is wrong, not its value", async () => {
  assertEquals(
    await mistakesOf({ endpoints: [endpoint] }, {
      env: { STOREHOOK_SERVER_PORT: "abc" },
      flags: { hostname: "a b" },
    }),
    [
      "server.hostname: found text from --hostname, wanted a host name or an IP address",
      "server.port: found text from STOREHOOK_SERVER_PORT, wanted a whole number from 0 to 65535",
    ],
  );
});
