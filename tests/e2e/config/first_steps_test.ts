import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { runProgram, STACK_TRACE, startProgram, temporaryFolder } from "../program.ts";

/** The keys of a config that `init` wrote, by the kind of endpoint. */
function keysOf(text: string): Readonly<Record<string, string>> {
  const pairs = text.matchAll(/"kind": "([^"]+)",[^]*?"signatureKeys": \["([^"]+)"\]/g);
  return Object.fromEntries([...pairs].map(([, kind = "", key = ""]) => [kind, key]));
}

Deno.test("init, check, serve and send work one after the other in an empty folder", async () => {
  await using folder = await temporaryFolder();
  const cwd = folder.path;
  const file = join(cwd, "config.json");

  const written = await runProgram(["init"], { cwd });
  assertEquals([written.code, written.stderr], [0, ""]);
  assertMatch(written.stdout, /^Wrote .+config\.json\n/);
  const names = [...Deno.readDirSync(cwd)].map(({ name }) => name).toSorted();
  assertEquals(names, ["config.json", "config.schema.json"]);
  const text = await Deno.readTextFile(file);
  const keys = keysOf(text);
  assertEquals(Object.keys(keys), [
    "ustore.order-approval",
    "ustore.manufacturer",
    "ustore.cart-export",
  ]);
  assertEquals(new Set(Object.values(keys)).size, 3);
  for (const key of Object.values(keys)) {
    assertMatch(key, /^[\w-]{43}$/);
    assertEquals(written.stdout.includes(key), false);
  }

  const checked = await runProgram(["check"], { cwd });
  assertEquals([checked.code, checked.stderr], [0, ""]);
  assertMatch(checked.stdout, /config\.json is fine\n/);
  assertMatch(
    checked.stdout,
    /^The config is in the working directory; relative paths in it start at /m,
  );

  await using program = await startProgram({ config: file });
  await Promise.all(
    Object.entries(keys).map(async ([kind, key]) => {
      const to = `${program.url}/ustore/${kind.replace("ustore.", "")}`;
      const sent = await runProgram(["send", kind, "--to", to, "--key", key, "--json"], { cwd });
      const { ok, status, signature, shape } = JSON.parse(sent.stdout);
      assertEquals({ ok, status, signature, shape }, {
        ok: true,
        status: 200,
        signature: "verified",
        shape: "ok",
      });
      assertEquals(sent.code, 0);
      assertEquals((program.stdout() + program.stderr()).includes(key), false);
    }),
  );
  assertEquals(STACK_TRACE.exec(program.stderr()), null);
});

Deno.test("init never overwrites, and makes other keys each time", async () => {
  await using folder = await temporaryFolder();
  const cwd = folder.path;
  const first = join(cwd, "first.json");
  assertEquals((await runProgram(["init", "--config", first], { cwd })).code, 0);
  const text = await Deno.readTextFile(first);
  const again = await runProgram(["init", "--config", first], { cwd });
  assertEquals([again.code, again.stdout], [1, ""]);
  assertMatch(again.stderr, /^Cannot write ".+first\.json": it exists already/);
  assertEquals(await Deno.readTextFile(first), text);

  const second = await runProgram(["init", "--config", "second.json"], { cwd });
  assertEquals(second.code, 0);
  const others = Object.values(keysOf(await Deno.readTextFile(join(cwd, "second.json"))));
  assertEquals(others.length, 3);
  assertEquals(others.filter((key) => text.includes(key)), []);
});

Deno.test({
  name: "a config that init wrote is its owner's alone",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await temporaryFolder();
    await runProgram(["init"], { cwd: folder.path });
    const { mode } = await Deno.stat(join(folder.path, "config.json"));
    assertEquals((mode ?? 0) & 0o777, 0o600);
  },
});

Deno.test("the default command serves the config of the working directory", async () => {
  await using folder = await temporaryFolder();
  const config = { server: { port: "none" } };
  await Deno.writeTextFile(join(folder.path, "config.json"), JSON.stringify(config));
  const [bare, named] = await Promise.all([
    runProgram([], { cwd: folder.path }),
    runProgram(["serve"], { cwd: folder.path }),
  ]);
  assertEquals(bare, named);
  assertEquals(bare.code, 2);
  const { stdout } = await runProgram(["check"], { cwd: folder.path });
  assertMatch(stdout, /1 mistake in .+\n\nThe config is in the working directory\n$/);
});
