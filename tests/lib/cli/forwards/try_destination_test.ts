import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { main } from "../../../../lib/cli/mod.ts";
import { serveHttp } from "../../../e2e/http_server.ts";
import { withFolder } from "../../config/load_text.ts";
import { fakeTerminal } from "../fake_terminal.ts";

/** Runs `forwards test` with a config that has these destinations. */
async function tryDestination(folder: string, destinations: object, ...args: readonly string[]) {
  const file = join(folder, "config.json");
  const endpoint = {
    path: "/ultracart",
    kind: "ultracart.events",
    auth: { type: "basic", username: "ultracart", password: "a-long-password" },
    forward: Object.keys(destinations),
  };
  await Deno.writeTextFile(file, JSON.stringify({ endpoints: [endpoint], destinations }));
  const terminal = fakeTerminal({ stdin: '{"order":7}' });
  const code = await main(["forwards", "test", ...args, "--config", file], terminal);
  return { code, out: terminal.output(), err: terminal.errors() };
}

/** A receiver that answers so, and keeps what came. */
function receiver(status: number) {
  const came: { readonly id: string | null; readonly body: string }[] = [];
  const server = serveHttp(async (request) => {
    came.push({ id: request.headers.get("webhook-id"), body: await request.text() });
    return new Response(null, { status });
  });
  const url = `${server.url}/hooks`;
  return { url, came, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

Deno.test("forwards test hands an event to a receiver, and makes no journal", () =>
  withFolder(async (folder) => {
    await using erp = receiver(204);
    const destinations = { erp: { type: "http", url: erp.url } };
    const { code, out, err } = await tryDestination(folder, destinations, "erp");
    assertEquals([code, err], [0, ""]);
    assertMatch(out, /^erp took the test event, answered 204, after \d+ ms\n$/);
    const { test, destination } = JSON.parse(erp.came[0]?.body ?? "");
    assertEquals([test, destination], [true, "erp"]);
    assertEquals(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["config.json"]);
  }));

Deno.test("forwards test sends a payload byte by byte, and tells as JSON what came of it", () =>
  withFolder(async (folder) => {
    await using erp = receiver(200);
    const destinations = { erp: { type: "http", url: erp.url } };
    const args = ["erp", "--body", "-", "--json"];
    const { code, out } = await tryDestination(folder, destinations, ...args);
    const { durationMs, webhookId, ...told } = JSON.parse(out);
    assertEquals([code, typeof durationMs], [0, "number"]);
    assertEquals(told, { destination: "erp", delivered: true, status: 200, error: null });
    assertEquals(erp.came, [{ id: webhookId, body: '{"order":7}' }]);
  }));

Deno.test("forwards test says what a receiver answered that does not take it", () =>
  withFolder(async (folder) => {
    await using erp = receiver(503);
    const destinations = { erp: { type: "http", url: erp.url } };
    const { code, out, err } = await tryDestination(folder, destinations, "erp");
    assertEquals([code, out], [1, ""]);
    assertMatch(err, /^erp did not take it: .*503/);
    assertEquals(erp.came.length, 1);
  }));

Deno.test("forwards test writes a file into a folder", () =>
  withFolder(async (folder) => {
    const path = join(folder, "out");
    const { code } = await tryDestination(folder, { hot: { type: "folder", path } }, "hot");
    assertEquals(code, 0);
    const names = Array.from(Deno.readDirSync(path), ({ name }) => name);
    assertEquals(names.length, 1);
    assertMatch(names[0] ?? "", /\.json$/);
  }));

Deno.test("forwards test names the destinations that there are", () =>
  withFolder(async (folder) => {
    const destinations = { erp: { type: "folder", path: join(folder, "out") } };
    const near = await tryDestination(folder, destinations, "erpp");
    assertEquals([near.code, near.out], [2, ""]);
    assertMatch(near.err, /^The config has no destination "erpp", did you mean "erp"\?\n/);
    const none = await tryDestination(folder, {}, "erp");
    assertMatch(none.err, /^The config has no destinations\n/);
  }));
