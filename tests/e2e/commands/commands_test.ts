import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import denoJson from "../../../deno.json" with { type: "json" };
import { COMMANDS } from "../../../lib/cli/commands.ts";
import { MAIN, MAIN_ENV } from "../main_module.ts";
import { ROOT, runProgram, SHIPPED_CONFIG } from "../program.ts";

const ORDER_FILE = join(ROOT, "handlers/ustore/samples/order_approval.json");
const CONFIG = ["--config", SHIPPED_CONFIG];

Deno.test("--help, -h and help list every command, on standard output", async () => {
  const [long, short, word] = await Promise.all(
    ["--help", "-h", "help"].map((a) => runProgram([a])),
  );
  assertEquals([long?.code, long?.stderr], [0, ""]);
  assertEquals([short, word], [long, long]);
  assertEquals(
    [...(long?.stdout ?? "").matchAll(/^ {2}(\w+(?: \w+)?) {3}/gm)].map(([, name]) => name),
    COMMANDS.map(({ name }) => name),
  );
});

Deno.test("a command has a help with its usage and its exit codes", async () => {
  // What each of them says is held where helps are made.
  await Promise.all(["check", "journal copy"].map(async (name) => {
    const asked = await runProgram([...name.split(" "), "--help"]);
    assertEquals([asked.code, asked.stderr], [0, ""]);
    assertMatch(asked.stdout, new RegExp(`^Usage: storehook ${name}`));
    assertMatch(asked.stdout, /\nExit codes: 0 .+\n(?:.+\n)?$/);
    assertEquals(await runProgram(["help", ...name.split(" ")]), asked);
  }));
});

Deno.test("wrong usage exits 2, says what is wrong and where help is", async () => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [["sevre"], 'Unknown command "sevre", did you mean "serve"?\nSee: storehook --help\n'],
    [["frobnicate"], 'Unknown command "frobnicate"\nSee: storehook --help\n'],
    [["check", "--confg", "x"], 'Unknown option "--confg", did you mean "--config"?'],
    [["--prot", "1"], 'Unknown option "--prot", did you mean "--port"?\nSee: storehook serve'],
    [["check", "more"], "One word too many, after the options"],
    [["check", "--config"], 'Option "--config" needs a value'],
    [["sign", "--key", "k"], "FILE is missing"],
    [["sign", ORDER_FILE], "The key is missing"],
    [["sign", "--key", "k", "no-such-file.json"], 'Cannot read "no-such-file.json"'],
    [["sign", "--key-env", "NO_SUCH_VARIABLE", "-"], '"NO_SUCH_VARIABLE" is not set'],
    [["verify", "--key", "k", "-"], "The signature is missing"],
    [["send", "ustore.order-aproval"], 'did you mean "ustore.order-approval"?'],
    [["send", "ustore.manufacturer", "--key", "k"], "--to URL is missing"],
    [["send", "ustore.manufacturer", "--key", "k", "--to", "ftp://x"], "wanted a URL such as"],
    [["explain"], "KIND is missing"],
    [["explain", "ustore.stock", ...CONFIG], 'Unknown kind "ustore.stock"'],
    [["schema", "--json"], 'Unknown option "--json"'],
  ];
  await Promise.all(cases.map(async ([args, message]) => {
    const ran = await runProgram(args);
    assertEquals([ran.code, ran.stdout], [2, ""], args.join(" "));
    assertStringIncludes(ran.stderr, message);
    assertMatch(ran.stderr, /\nSee: storehook (?:\w+ )?--help\n$/);
  }));
});

Deno.test("version tells the version, for people and as JSON", async () => {
  const ran = await runProgram(["version"]);
  const { version } = denoJson;
  assertEquals([ran.code, ran.stderr], [0, ""]);
  assertStringIncludes(ran.stdout, `storehook ${version} (Deno ${Deno.version.deno}, `);
  assertEquals((await runProgram(["--version"])).stdout, ran.stdout);
  const json = await runProgram(["version", "--json"]);
  assertEquals(JSON.parse(json.stdout), {
    version,
    commit: null,
    committedAt: null,
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    typescript: Deno.version.typescript,
    target: Deno.build.target,
    standalone: false,
    permissions: {
      net: "granted",
      env: "granted",
      read: "granted",
      write: "granted",
      run: "denied",
      ffi: "denied",
      sys: "denied",
      import: "denied",
    },
  });
});

Deno.test("schema prints a JSON Schema that knows every section", async () => {
  const ran = await runProgram(["schema"]);
  assertEquals([ran.code, ran.stderr], [0, ""]);
  const names = Object.keys(JSON.parse(ran.stdout).properties);
  assertEquals(names.includes("server") && names.includes("endpoints"), true);
});

Deno.test("check tells that the shipped config is fine, and what it serves", async () => {
  const ran = await runProgram(["check", ...CONFIG], { env: { STOREHOOK_TIME_ZONE: "UTC" } });
  assertEquals(ran, {
    code: 0,
    stdout: `${SHIPPED_CONFIG} is fine

Listens on 127.0.0.1, port 8080; others reach it as http://127.0.0.1:8080
  /ustore/order-approval  ustore.order-approval  2 rules, key fd6670ca
  /ustore/manufacturer    ustore.manufacturer    1 rule, key fd6670ca
  /ustore/cart-export     ustore.cart-export     0 rules, key fd6670ca
Times without a zone are those of UTC
The config is named by --config; relative paths in it start at ${ROOT}
`,
    stderr: "",
  });
});

Deno.test({
  name: "a full disk behind standard output is told in one line, by every command that prints",
  // Only Linux has a device that is always full.
  ignore: Deno.build.os !== "linux",
  async fn() {
    const commands = ["--help", "help rules", "schema", `check --config ${SHIPPED_CONFIG}`];
    await Promise.all(commands.map(async (words) => {
      const line = `exec "$0" run --no-lock -A "${MAIN}" ${words} >/dev/full`;
      const { code, stderr } = await new Deno.Command("sh", {
        args: ["-c", line, Deno.execPath()],
        env: { ...MAIN_ENV, NO_COLOR: "1", USTORE_SIGNATURE_KEY: "a-key-for-tests" },
        signal: AbortSignal.timeout(60_000),
      }).output();
      const said = new TextDecoder().decode(stderr);
      assertEquals(code, 1, words);
      assertMatch(said, /^Cannot write to standard output: No space left on device.*\n$/, words);
    }));
  },
});
