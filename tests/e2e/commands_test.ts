import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import denoJson from "../../deno.json" with { type: "json" };
import { APPROVAL_ANSWER, hmac, KEY, PATHS, sample, withoutNames } from "./delivery.ts";
import { ROOT, runProgram, shareProgram, SHIPPED_CONFIG } from "./program.ts";

const test = shareProgram();
const COMMANDS = [
  "serve",
  "check",
  "init",
  "sign",
  "verify",
  "send",
  "demo",
  "explain",
  "backtest",
  "emporix config",
  "deliveries list",
  "deliveries show",
  "deliveries export",
  "events list",
  "events show",
  "events export",
  "forwards list",
  "forwards show",
  "forwards retry",
  "forwards cancel",
  "journal info",
  "journal prune",
  "journal backup",
  "journal erase",
  "service install",
  "service status",
  "service start",
  "service stop",
  "service uninstall",
  "service print",
  "schema",
  "version",
];
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
    COMMANDS,
  );
});

Deno.test("every command has a help with its usage and its exit codes", async () => {
  await Promise.all(COMMANDS.map(async (name) => {
    const asked = await runProgram([...name.split(" "), "--help"]);
    assertEquals([asked.code, asked.stderr], [0, ""]);
    assertMatch(asked.stdout, new RegExp(`^Usage: storehook \\[?${name}\\]?`));
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
  const ran = await runProgram(["check", ...CONFIG]);
  assertEquals(ran, {
    code: 0,
    stdout: `${SHIPPED_CONFIG} is fine

Listens on 127.0.0.1, port 8080; others reach it as http://127.0.0.1:8080
  /ustore/order-approval  ustore.order-approval  2 rules
  /ustore/manufacturer    ustore.manufacturer    1 rule
  /ustore/cart-export     ustore.cart-export     0 rules
`,
    stderr: "",
  });
});

Deno.test("sign prints the X-Signature of a file, of standard input, by a key of the environment", async () => {
  const stdout = `${hmac(sample("order_approval"))}\n`;
  assertEquals(await runProgram(["sign", "--key", KEY, ORDER_FILE]), {
    code: 0,
    stdout,
    stderr: "",
  });
  const env = { STORE_KEY: KEY };
  const stdin = new TextDecoder().decode(sample("order_approval"));
  const piped = await runProgram(["sign", "--key-env", "STORE_KEY", "-"], { env, stdin });
  assertEquals(piped, { code: 0, stdout, stderr: "" });
  assertEquals((await runProgram(["sign", "--key", "-k", "-"])).stdout, `${hmac("", "-k")}\n`);
});

Deno.test("verify says yes with 0, and no with 1 and the variant that would match", async () => {
  const verify = (signature: string) =>
    runProgram(["verify", "--key", KEY, "--signature", signature, ORDER_FILE]);
  const bytes = sample("order_approval").length;
  assertEquals(await verify(hmac(sample("order_approval"))), {
    code: 0,
    stdout: `The signature matches these ${bytes} bytes with this key.\n`,
    stderr: "",
  });
  const reserialized = JSON.stringify(
    JSON.parse(new TextDecoder().decode(sample("order_approval"))),
  );
  const { code, stdout, stderr } = await verify(hmac(reserialized));
  assertEquals([code, stderr], [1, ""]);
  assertMatch(stdout, /^The signature does not match .+\n.+\nHow to mend it: .+\nVariant: \S+\n$/);
});

test("send plays the store, and tells of status, signature and shape", async ({ url }) => {
  const to = `${url}${PATHS.order_approval}`;
  const ran = await runProgram(["send", "ustore.order-approval", "--to", to, "--key", KEY]);
  assertEquals([ran.code, ran.stderr], [0, ""]);
  const lines = ran.stdout.trimEnd().split("\n").map((line) => line.split(/ {2,}/));
  const { time, "request id": requestId, ...rest } = Object.fromEntries(lines);
  assertEquals(rest, {
    status: "200",
    signature: "verified",
    shape: "ok",
    answer: APPROVAL_ANSWER,
  });
  assertMatch(time, /^\d+\.\d ms$/);
  assertMatch(requestId, /^[\da-f-]{36}$/);
});

test("send --json is one line for machines", async ({ url }) => {
  const to = `${url}${PATHS.manufacturer}`;
  const args = ["send", "ustore.manufacturer", "--to", to, "--key-env", "K", "--json"];
  const ran = await runProgram(args, { env: { K: KEY } });
  const { durationMs, requestId, ...rest } = JSON.parse(ran.stdout);
  assertEquals([ran.code, typeof durationMs, typeof requestId], [0, "number", "string"]);
  assertEquals(rest, {
    ok: true,
    kind: "ustore.manufacturer",
    to,
    status: 200,
    signature: "verified",
    shape: "ok",
    answer: '{"3087":"2","3088":"1"}',
  });
  assertEquals(ran.stdout.trimEnd().includes("\n"), false);
});

test("send says that a signature by another key is refused, and exits 1", async ({ url }) => {
  const to = `${url}${PATHS.order_approval}`;
  const args = ["send", "ustore.order-approval", "--to", to, "--key", "another-key"];
  const ran = await runProgram([...args, "--language", "de"]);
  assertEquals([ran.code, ran.stderr], [1, ""]);
  assertMatch(ran.stdout, /^status {6}401\nsignature {3}wrong\n/);
  assertMatch(ran.stdout, /Die Signatur der Anfrage fehlt oder ist falsch\./);
});

test("send says when a path is wrong, and when nothing listens", async ({ url }) => {
  const send = (to: string) =>
    runProgram(["send", "ustore.cart-export", "--to", to, "--key", KEY, "--json"]);
  const lost = await send(`${url}/nowhere`);
  const { ok, status, signature } = JSON.parse(lost.stdout);
  assertEquals([lost.code, ok, status, signature], [1, false, 404, "missing"]);
  const unheard = await send("http://127.0.0.1:1/x");
  assertEquals([unheard.code, JSON.parse(unheard.stdout).ok], [1, false]);
});

for (
  const [kind, name] of [
    ["ustore.order-approval", "order_approval"],
    ["ustore.manufacturer", "manufacturer"],
    ["ustore.cart-export", "cart_export"],
  ] as const
) {
  test(`explain agrees with the server about ${kind}`, async ({ url }) => {
    const file = join(ROOT, "handlers/ustore/samples", `${name}.json`);
    const to = `${url}${PATHS[name]}`;
    const [explained, sent] = await Promise.all([
      runProgram(["explain", kind, "--body", file, ...CONFIG, "--json"]),
      runProgram(["send", kind, "--body", file, "--to", to, "--key", KEY, "--json"]),
    ]);
    assertEquals([explained.code, sent.code], [0, 0]);
    const { status, answer } = JSON.parse(explained.stdout);
    const answers = [JSON.stringify(answer), JSON.parse(sent.stdout).answer].map(withoutNames);
    assertEquals([status, answers[0]], [200, answers[1]]);
  });
}

Deno.test("explain shows rule by rule why", async () => {
  const ran = await runProgram(["explain", "ustore.order-approval", ...CONFIG]);
  assertEquals(ran, {
    code: 0,
    stdout: `/ustore/order-approval (ustore.order-approval)

  not matched  large orders
  not matched  free reorders
  decided by "otherwise": {"customConfig":true}

Answer: 200 ${APPROVAL_ANSWER}
`,
    stderr: "",
  });
});

Deno.test("explain exits 1 for what the server would refuse, in the language asked for", async () => {
  const args = ["explain", "ustore.order-approval", ...CONFIG, "--body", "-", "--language", "fr"];
  const ran = await runProgram([...args, "--json"], { stdin: "{}" });
  const { status, answer } = JSON.parse(ran.stdout);
  assertEquals([ran.code, status, answer.code], [1, 400, "wrong_shape"]);
  assertMatch(answer.message, /boutique/);
});
