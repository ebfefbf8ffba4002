import { assertEquals, assertMatch } from "@std/assert";
import type { Handler } from "../../../../handlers/handler.ts";
import { handlers } from "../../../../handlers/mod.ts";
import { sampleConfig } from "../../../../handlers/ustore/sample_config.ts";
import type { SampleConfig } from "../../../../lib/cli/config/init.ts";
import { demoCommand, type DemoRow, formatDemo } from "../../../../lib/cli/send/demo.ts";
import { demoEntry } from "../../../../lib/cli/table/store.ts";
import { VERSION } from "../../../../lib/cli/version.ts";
import { fakeTerminal } from "../fake_terminal.ts";
import { runnable } from "../run_command.ts";

async function demo(played: readonly Handler[] = handlers, sample: SampleConfig = sampleConfig) {
  const terminal = fakeTerminal({ env: { STOREHOOK_SERVER_PORT: "no port" } });
  const code = await runnable(demoEntry, demoCommand(played, sample)).run([], terminal);
  return { code, out: terminal.output(), err: terminal.errors() };
}

/** The path of each row that begins an endpoint, with status and signature. */
function rowsOf(out: string): readonly string[] {
  return out.split("\n").flatMap((line) => {
    const [, path, status, signature] =
      /^(\/\S+| {2}with a wrong signature) +(\d{3}) .* (\w+)$/.exec(line) ?? [];
    return path === undefined ? [] : [`${path.trim()} ${status} ${signature}`];
  });
}

Deno.test("demo plays each platform and a stranger against every kind", async () => {
  const { code, out, err } = await demo();
  assertEquals([code, err], [0, ""]);
  assertEquals(
    rowsOf(out),
    handlers.flatMap(({ kind, sample: { sender } }) => {
      const signature = sender.verify === undefined ? "unsigned" : "verified";
      return [
        `/${kind.replace(".", "/")} ${sender.status} ${signature}`,
        `with a wrong signature 401 ${signature}`,
      ];
    }),
  );
  assertMatch(out, /^Storehook \d+\.\d+\.\d+ listened on http:\/\/127\.0\.0\.1:\d+, /);
  assertMatch(out, /\n\n14 of 14 answers are as wanted\n$/);
});

Deno.test("demo fits into 100 columns", async () => {
  const { out } = await demo();
  assertEquals(out.split("\n").filter((line) => line.length > 100), []);
});

Deno.test("demo uses a key that it does not show", async () => {
  const keys: string[] = [];
  const { code, out } = await demo(handlers, (newKey) =>
    sampleConfig(() => {
      const key = newKey();
      keys.push(key);
      return key;
    }));
  assertEquals(code, 0);
  assertEquals([keys.length, keys.some((key) => out.includes(key))], [3, false]);
});

Deno.test("demo exits 1 and says what is wrong when an answer has the wrong shape", async () => {
  const strict = handlers.map((handler) => ({
    ...handler,
    sample: {
      ...handler.sample,
      check: (answer: unknown) =>
        handler.kind === "ustore.manufacturer" ? "wanted more" : handler.sample.check(answer),
    },
  }));
  const { code, out } = await demo(strict);
  assertEquals(code, 1);
  assertMatch(out, /\n\/ustore\/manufacturer +200 .*\n +wanted more\n/);
  assertMatch(out, /\n13 of 14 answers are as wanted\n$/);
});

Deno.test("demo exits 1 when an endpoint does not answer as wanted", async () => {
  const otherKey = (newKey: () => string) =>
    sampleConfig(newKey).replace(newKey(), "a-key-of-its-own");
  const { code, out } = await demo(handlers, otherKey);
  assertEquals(code, 1);
  assertEquals(rowsOf(out).slice(0, 3), [
    "/ustore/order-approval 401 wrong",
    "with a wrong signature 401 wrong",
    "/ustore/manufacturer 200 verified",
  ]);
  assertMatch(out, /\n12 of 14 answers are as wanted\n$/);
});

Deno.test("demo --json gives each request as a line", async () => {
  const terminal = fakeTerminal();
  assertEquals(
    await runnable(demoEntry, demoCommand(handlers, sampleConfig)).run(["--json"], terminal),
    0,
  );
  const rows = terminal.output().split("\n").slice(0, -1).map((line) => JSON.parse(line));
  assertEquals(rows.length, handlers.length * 2);
  assertEquals(rows.every(({ asWanted, status }) => asWanted && Number.isInteger(status)), true);
});

const fine: DemoRow = {
  request: "/a",
  status: "200",
  answer: `{"text":"${"x".repeat(60)}"}`,
  signature: "verified",
  complaint: undefined,
};

const unanswered: DemoRow = {
  request: "/b",
  status: "",
  answer: "",
  signature: "missing",
  complaint: "No connection",
};

Deno.test("formatDemo() shows long answers whole and complaints below their request", () => {
  assertEquals(
    formatDemo("http://127.0.0.1:1", [fine, unanswered], false).split("\n"),
    [
      `Storehook ${VERSION} listened on http://127.0.0.1:1, and the store was played against it`,
      "",
      `request                        answer${" ".repeat(54)}signature`,
      `/a                        200  {"text":"${"x".repeat(49)}  verified`,
      `                               ${"x".repeat(11)}"}`,
      `/b${" ".repeat(89)}missing`,
      "                               No connection",
      "",
      "1 of 2 answers are as wanted",
      "",
    ],
  );
});

Deno.test("formatDemo() colours without moving a column", () => {
  const plain = formatDemo("http://127.0.0.1:1", [fine, unanswered], false);
  const coloured = formatDemo("http://127.0.0.1:1", [fine, unanswered], true);
  // deno-lint-ignore no-control-regex -- the escape character begins each colour
  const codes = /\u001b\[\d+m/g;
  // NO_COLOR stands above all.
  assertEquals([plain.search(codes) >= 0, coloured.search(codes) >= 0], [false, !Deno.noColor]);
  assertEquals(coloured.replaceAll(codes, ""), plain);
});
