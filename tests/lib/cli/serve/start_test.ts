import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import {
  findRunningServer,
  forgetServer,
  noteServer,
  startOrComplain,
} from "../../../../lib/cli/serve/start.ts";
import { fakeKind } from "../../config/fake_kind.ts";
import { withFolder } from "../../config/load_text.ts";
import { fakeTerminal } from "../fake_terminal.ts";

const LOOPBACK = { hostname: "127.0.0.1", port: 0 };
const ENDPOINTS = [{ path: "/a", kind: "fake.kind", signatureKeys: ["a-long-key"] }];

/** Starts a server of a config in a folder, as `serve` does. */
async function start(folder: string, config: object) {
  const file = join(folder, "config.json");
  await Deno.writeTextFile(file, JSON.stringify(config));
  const terminal = fakeTerminal();
  const env = () => undefined;
  const started = await startOrComplain({ file, kinds: [fakeKind], env, flags: {} }, terminal);
  return { started, err: terminal.errors() };
}

function placeOf(path: string) {
  return { path, url: undefined, spool: "" };
}

Deno.test("startOrComplain() starts a server that says beside its journal where it listens", () =>
  withFolder(async (folder) => {
    const config = { server: LOOPBACK, admin: LOOPBACK, endpoints: ENDPOINTS };
    const { started } = await start(folder, config);
    assert(typeof started === "object");
    const { running, watch, loaded } = started;
    const journal = loaded.config.journal.path;
    try {
      const facts = {
        pid: Deno.pid,
        url: running.url,
        adminUrl: running.adminUrl,
        startedAt: "2026-07-14T09:30:00.000Z",
      };
      assertEquals(await findRunningServer(placeOf(journal)), undefined);
      noteServer(placeOf(journal), facts);
      assertEquals(await findRunningServer(placeOf(journal)), facts);
      await forgetServer(placeOf(journal));
      assertEquals(await findRunningServer(placeOf(journal)), undefined);
    } finally {
      await watch.stop();
      await running.stop();
    }
  }));

Deno.test("startOrComplain() gives 2 and tells the mistakes of a config", () =>
  withFolder(async (folder) => {
    const { started, err } = await start(folder, { server: { port: "abc" } });
    assertEquals(started, 2);
    assertMatch(err, /server\.port\n {2}found "abc"/);
  }));

Deno.test("startOrComplain() gives 1 and says so when the port is taken", () =>
  withFolder(async (folder) => {
    using taken = Deno.listen(LOOPBACK);
    const server = { hostname: "127.0.0.1", port: taken.addr.port };
    const { started, err } = await start(folder, { server, admin: LOOPBACK, endpoints: ENDPOINTS });
    assertEquals(started, 1);
    assertMatch(err, new RegExp(`Cannot listen on 127\\.0\\.0\\.1, port ${taken.addr.port}: `));
  }));

Deno.test("startOrComplain() gives 1 and says so when the journal can't be opened", () =>
  withFolder(async (folder) => {
    const path = join(folder, "journal.db");
    await Deno.writeTextFile(
      path,
      "no database, but a text that is long enough to be read".repeat(9),
    );
    const config = { server: LOOPBACK, admin: LOOPBACK, journal: { path }, endpoints: ENDPOINTS };
    const { started, err } = await start(folder, config);
    assertEquals(started, 1);
    assert(err.includes("journal.db"), err);
  }));

Deno.test("findRunningServer() takes nothing that was left behind for a server", () =>
  withFolder(async (folder) => {
    const journal = join(folder, "journal.db");
    noteServer(placeOf(journal), {
      pid: 1,
      url: "http://a",
      adminUrl: "http://b",
      startedAt: "x",
    });
    assertEquals(await findRunningServer(placeOf(journal)), undefined);
    // Where nothing can be written, nothing is said and nothing thrown.
    await forgetServer(placeOf(join(folder, "none", "journal.db")));
  }));
