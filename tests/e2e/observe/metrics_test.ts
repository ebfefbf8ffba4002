import { assertEquals, assertMatch } from "@std/assert";
import { parseMetrics, valueOf } from "../../lib/observe/metrics/parse_metrics.ts";
import { deliver, KEY, PATHS } from "../delivery.ts";
import { runProgram, shareProgram, SHIPPED_CONFIG, STACK_TRACE, startProgram } from "../program.ts";
import { connect } from "../raw_http.ts";

const endpoint = PATHS.order_approval;
const kind = "ustore.order-approval";

const CONFIG = {
  endpoints: [{
    path: endpoint,
    kind,
    signatureKeys: [KEY],
    rules: [
      {
        name: "broken",
        when: "1 / (order.items.size() - order.items.size()) > 0",
        then: { group: 1 },
      },
      { name: 'the "other" one', when: "true", then: { group: 2 } },
      { name: "never", when: "false", then: { group: 3 } },
    ],
    otherwise: { customConfig: true },
  }, {
    path: "/events",
    kind: "events",
    auth: { type: "none" },
    forward: ["nobody"],
  }],
  destinations: { nobody: { type: "http", url: "http://127.0.0.1:1/" } },
};

const test = shareProgram({ config: CONFIG });

async function scrape(adminUrl: string): Promise<string> {
  const response = await fetch(`${adminUrl}/metrics`);
  const text = await response.text();
  assertEquals(response.status, 200);
  assertEquals(
    response.headers.get("Content-Type"),
    "text/plain; version=0.0.4; charset=utf-8",
  );
  return text;
}

test("the metrics tell what was answered, decided and refused", async (program) => {
  await deliver(program);
  await deliver(program, { key: "another-key" });
  await deliver(program, { body: "{" });
  await deliver(program, { target: "/nobody-is-here" });
  const text = await scrape(program.adminUrl);
  const requests = (status: string) =>
    valueOf(text, "storehook_requests_total", { endpoint, kind, status });
  assertEquals([requests("200"), requests("401"), requests("400")], [1, 1, 1]);
  const unknown = { endpoint: "other", kind: "unknown", status: "404" };
  assertEquals(valueOf(text, "storehook_requests_total", unknown), 1);
  assertEquals(text.includes("nobody-is-here"), false);
  assertEquals(valueOf(text, "storehook_request_duration_seconds_count", { endpoint }), 3);
  const decided = (rule: string) => valueOf(text, "storehook_decisions_total", { endpoint, rule });
  assertEquals([decided('the "other" one'), decided("never")], [1, 0]);
  assertEquals(valueOf(text, "storehook_rule_failures_total", { endpoint, rule: "broken" }), 1);
  assertEquals(valueOf(text, "storehook_errors_total", { endpoint, code: "not_json" }), 1);
  assertEquals(valueOf(text, "storehook_signature_failures_total", { endpoint }), 1);
  assertEquals(valueOf(text, "storehook_requests_in_flight"), 0);
  assertEquals(text.includes(KEY), false);
});

test("the metrics tell how journal and outbox stand", async () => {
  // One of its own: those who read within a few seconds share one count of the outbox.
  await using program = await startProgram({ config: CONFIG });
  const { status } = await deliver(program, { target: "/events", body: '{"type":"cart.created"}' });
  assertEquals(status, 204);
  const text = await scrape(program.adminUrl);
  const received = { endpoint: "/events", type: "cart.created" };
  assertEquals(valueOf(text, "storehook_events_received_total", received), 1);
  const waiting = { destination: "nobody", state: "waiting" };
  assertEquals(valueOf(text, "storehook_outbox_forwards", waiting), 1);
  assertEquals(valueOf(text, "storehook_destination_disabled", { destination: "nobody" }), 0);
  assertEquals(valueOf(text, "storehook_journal_writable"), 1);
  assertEquals(Number(valueOf(text, "storehook_journal_commit_duration_seconds_count")) > 0, true);
  assertEquals(
    Number(valueOf(text, "storehook_journal_file_bytes", { file: "database" })) > 0,
    true,
  );
});

test("the metrics are of the format of Prometheus, strictly, and name each metric", async (program) => {
  const families = parseMetrics(await scrape(program.adminUrl));
  assertEquals([...families.values()].filter(({ help }) => help === ""), []);
  for (const name of families.keys()) assertMatch(name, /^(?:storehook|process)_[a-z_]+$/);
});

test("the listener for admins answers nothing else, and the public one no metrics", async (program) => {
  const admin = { port: Number(new URL(program.adminUrl).port) };
  assertEquals((await deliver(admin)).status, 404);
  assertEquals((await deliver(program, { method: "GET", target: "/metrics" })).status, 404);
  for (
    const [method, target, wanted] of [
      ["GET", "/livez", 200],
      ["GET", "/readyz", 200],
      ["GET", "/healthz", 200],
      ["POST", "/metrics", 405],
    ] as const
  ) {
    using connection = await connect(admin);
    await connection.send(
      `${method} ${target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n`,
    );
    assertEquals((await connection.response()).status, wanted, target);
  }
});

test("an admin port in use is told in one line that names the setting, with exit 1", async (program) => {
  const env = { STOREHOOK_ADMIN_PORT: new URL(program.adminUrl).port };
  const folder = await Deno.makeTempDir();
  try {
    const ran = await runProgram(["serve", "--config", SHIPPED_CONFIG, "--port", "0"], {
      env: { ...env, STOREHOOK_JOURNAL_PATH: `${folder}/journal.db` },
    });
    assertEquals([ran.code, ran.stdout], [1, ""]);
    assertMatch(
      ran.stderr,
      /^Cannot listen on 127\.0\.0\.1, port \d+, for admin: .+; .*set admin\.port, or .+\n$/,
    );
    assertEquals(STACK_TRACE.exec(ran.stderr), null);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
