import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { PERMISSION_FLAGS } from "../../release/permissions.ts";
import { temporaryFolder } from "../e2e/program.ts";
import { connect } from "../e2e/raw_http.ts";
import { eventually, within } from "../e2e/waits.ts";
import { isWindows, isWine } from "./windows.ts";
import { commandOfWindows, MAIN, type Ran, storehook, temporaryService } from "./service.ts";

const ignore = !isWindows;
/** A service loads the sources when it starts. */
const START = { deadlineMs: 60_000 };

const ENDPOINT = { kind: "events", auth: { type: "none" }, forward: ["hot"] };
/** The sources and the runtime may be in a folder of the person who tests; Wine has one account. */
const SEES_ALL = isWine ? [] : ["--account", "LocalSystem"];
/** All paths are relative: a service starts in a folder of the system. */
const CONFIG = {
  server: { port: 0 },
  admin: { port: 0 },
  journal: { path: "data\\journal.db" },
  destinations: { hot: { type: "folder", path: "hot" } },
  endpoints: [{ path: "/events", ...ENDPOINT }],
};

async function post(url: string, id: string): Promise<number> {
  const { status, body } = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ id, type: "order.created" }),
  });
  await body?.cancel();
  return status;
}

function assertDone(ran: Ran): void {
  assertEquals(ran.code, 0, ran.stdout + ran.stderr);
}

Deno.test("a service is installed, runs, follows its config, stops, comes back and goes", {
  ignore,
}, async (test) => {
  await using folder = await temporaryFolder();
  await using service = temporaryService();
  const { name, run, state, status } = service;
  const file = join(folder.path, "config.json");
  const write = (config: object) => Deno.writeTextFile(file, JSON.stringify(config));
  await write(CONFIG);

  await test.step("install sets it up, and again changes it", async () => {
    const first = await run("install", "--config", file, "--json", ...SEES_ALL);
    assertDone(first);
    const { created, account, commandLine, rights } = JSON.parse(first.stdout);
    assertEquals([created, account], [true, isWine ? `NT SERVICE\\${name}` : "LocalSystem"]);
    assertMatch(commandLine, /^".+deno\.exe" run -A ".+\\main\.ts" service run --name /);
    assertStringIncludes(commandLine, ` --config "${file}"`);
    const folders = rights.map((line: string) => line.split(": ")[0]);
    assertEquals(folders, ["", "\\data", "\\logs", "\\hot"].map((name) => folder.path + name));
    const again = await run("install", "--config", file);
    assertDone(again);
    assertStringIncludes(again.stdout, `Changed the service "${name}":`);
    const { state, start, preshutdownMs, restartDelaysMs } = (await status()).record;
    assertEquals([state, preshutdownMs], ["stopped", 20_000]);
    // Wine keeps neither of them.
    assertEquals(
      [start, restartDelaysMs],
      isWine ? ["automatic", []] : ["automatic, delayed", [5000, 30_000, 300_000]],
    );
    const key = `HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\${name}`;
    const source = await commandOfWindows("reg", "query", key);
    assertStringIncludes(source.stdout, "EventCreate.exe");
  });

  await test.step("start waits until it listens, and it answers", async () => {
    assertDone(await run("start"));
    const { code, record } = await status();
    assertEquals([code, record.state, record.ready], [0, "running", true]);
    assertEquals(record.accepts, ["stop", "shutdown", "preshutdown"]);
    assert(Math.abs(Date.now() - Date.parse(record.since)) < START.deadlineMs);
    assertEquals(await post(new URL("/events", record.url).href, "a"), 204);
    const hot = join(folder.path, "hot");
    await eventually("a file in the hot folder", () => [...Deno.readDirSync(hot)].length === 1);
    assertEquals((await Deno.stat(join(folder.path, "data", "journal.db"))).isFile, true);
    const log = await Deno.readTextFile(join(folder.path, "logs", `${name.toLowerCase()}.log`));
    assertStringIncludes(log, "/events");
    assertEquals(await state(), "RUNNING");
    // To start what runs is fine.
    assertDone(await run("start"));
  });

  await test.step("a changed config is served, and a wrong one is not", async () => {
    const { url } = (await status()).record;
    await write({ ...CONFIG, endpoints: [...CONFIG.endpoints, { path: "/more", ...ENDPOINT }] });
    await eventually(
      "the new endpoint",
      async () => await post(new URL("/more", url).href, "b") === 204,
    );
    await write({ endpoints: "none" });
    const ready = new URL("/readyz", url).href;
    await eventually(
      "word of the mistake",
      async () => (await fetch(ready).then((answer) => answer.text())).includes("mistake"),
    );
    assertEquals(await post(new URL("/more", url).href, "c"), 204);
  });

  await test.step("a config with mistakes is not started: exit code 2", async () => {
    const stopped = await run("stop");
    assertDone(stopped);
    const started = await run("start");
    assertEquals([started.code, started.stdout], [1, ""]);
    assertStringIncludes(started.stderr, "its config has mistakes");
    assertStringIncludes(started.stderr, `storehook check --config "${file}"`);
    const { code, record } = await status();
    assertEquals([code, record.state, record.exitCode], [1, "stopped", 2]);
    const { stdout } = await commandOfWindows("sc", "query", name);
    assertMatch(stdout, /WIN32_EXIT_CODE +: 1066[^]*SERVICE_EXIT_CODE +: 2 /);
    await write(CONFIG);
  });

  await test.step("net starts and stops it", async () => {
    assertDone(await commandOfWindows("net", "start", name));
    await eventually("that it runs", async () => await state() === "RUNNING", START);
    await eventually("a ready service", async () => (await status()).record.ready, START);
    const { url } = (await status()).record;
    using request = await connect({ port: Number(new URL(url).port) });
    const body = JSON.stringify({ id: "late", type: "order.created" });
    const head = "POST /events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    await request.send(`${head}Content-Length: ${body.length}\r\n\r\n`, body.slice(0, 5));
    const asked = performance.now();
    const stopping = commandOfWindows("net", "stop", name);
    await eventually("that it stops", async () => await state() === "STOP_PENDING");
    // What is in is answered first.
    await request.send(body.slice(5));
    assertEquals((await request.response()).status, 204);
    assertDone(await stopping);
    await eventually("its end", async () => await state() === "STOPPED", { deadlineMs: 20_000 });
    assert(performance.now() - asked < 20_000);
    const { exitCode } = (await status()).record;
    assertEquals(exitCode, 0);
    // To stop what has stopped is fine.
    assertDone(await run("stop"));
  });

  await test.step("what cannot listen has ended by itself, and start says where it is told", async () => {
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    await write({ ...CONFIG, server: { port: taken.addr.port } });
    const { code, stderr } = await run("start");
    assertEquals(code, 1);
    assertStringIncludes(stderr, `The service "${name}" has ended by itself`);
    assertStringIncludes(stderr, `under Application, source ${name}. Windows starts it again`);
    await write(CONFIG);
    // Where Windows has started it again already, that is fine, too.
    await run("start");
    await eventually("a running service", async () => (await status()).record.ready, START);
  });

  await test.step("killed, it comes back with all that it had", async () => {
    assertDone(await run("start"));
    const { pid } = (await status()).record;
    await commandOfWindows("taskkill", "/f", "/pid", String(pid));
    // Wine neither sees the end of a process nor starts it again.
    if (isWine) assertDone(await run("start"));
    await eventually("another process", async () => {
      const { record } = await status();
      return record.pid !== pid && record.ready;
    }, START);
    const { stdout } = await storehook("events", "list", "--config", file, "--json");
    assertEquals(stdout.trim().split("\n").length, 4);
  });

  await test.step("uninstall stops it and leaves nothing of it in Windows", async () => {
    const removed = await run("uninstall");
    assertDone(removed);
    assertStringIncludes(removed.stdout, `Removed the service "${name}".`);
    for (const word of ["status", "start", "stop", "uninstall"]) {
      const { code, stderr } = await run(word);
      assertEquals(code, 1);
      assertStringIncludes(
        stderr,
        "it is not installed; as an administrator, run: storehook service",
      );
    }
    const key = `HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\${name}`;
    assertEquals((await commandOfWindows("reg", "query", key)).code, 1);
  });
});

Deno.test("a service runs under the account that is named, and keeps it", { ignore }, async () => {
  await using folder = await temporaryFolder();
  await using service = temporaryService();
  const file = join(folder.path, "config.json");
  await Deno.writeTextFile(file, JSON.stringify(CONFIG));
  const config = ["--config", file, "--keep-rights", "--json"];
  const accountOf = (ran: Ran) => JSON.parse(ran.stdout).account;
  const named = await service.run("install", ...config, "--account", "LocalService");
  assertEquals(accountOf(named), "NT AUTHORITY\\LocalService");
  assertEquals(accountOf(await service.run("install", ...config)), "NT AUTHORITY\\LocalService");
  const person = await service.run("install", ...config, "--account", "SHOP\\ann");
  assertEquals([person.code, person.stdout], [2, ""]);
  assertStringIncludes(person.stderr, "The password of SHOP\\ann is missing");
  // Nothing was made for a service that is not its own.
  assertEquals([...Deno.readDirSync(folder.path)].length, 1);
});

Deno.test("service run by hand says what starts it", { ignore }, async () => {
  const { code, stderr } = await within("its end", storehook("service", "run"), START);
  assertEquals(code, 1);
  assertStringIncludes(stderr, "run: storehook service start, or here: storehook serve");
});

Deno.test("without the permission to call Windows a service command says so", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-lock", ...PERMISSION_FLAGS, MAIN],
      ...["service", "stop", "--for", "windows"],
    ],
  }).output();
  assertEquals(code, 1);
  assertMatch(
    new TextDecoder().decode(stderr),
    isWindows
      ? /^Cannot talk to Windows: the program was started without --allow-ffi; /
      : /^Cannot talk to Windows: this is no Windows/,
  );
});
