import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { APPROVAL_ANSWER, KEY, PATHS, withoutNames } from "../delivery.ts";
import { ROOT, runProgram, shareProgram, SHIPPED_CONFIG } from "../program.ts";

const test = shareProgram();
const CONFIG = ["--config", SHIPPED_CONFIG];

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

test("explain shows rule by rule why", async () => {
  const ran = await runProgram(["explain", "ustore.order-approval", ...CONFIG]);
  assertEquals(ran, {
    code: 0,
    stdout: `/ustore/order-approval (ustore.order-approval)

  not matched  large orders
    order.total > 500.0
      order.total = 1.2
  not matched  free reorders
    order.user.department == 'Marketing'
      order.user.department = ""
  decided by "otherwise": {"customConfig":{"otherwise":{"approve":true}}}

Answer: 200 ${APPROVAL_ANSWER}
`,
    stderr: "",
  });
});

test("explain exits 1 for what the server would refuse, in the language asked for", async () => {
  const args = ["explain", "ustore.order-approval", ...CONFIG, "--body", "-", "--language", "fr"];
  const ran = await runProgram([...args, "--json"], { stdin: "{}" });
  const { status, answer } = JSON.parse(ran.stdout);
  assertEquals([ran.code, status, answer.code], [1, 400, "wrong_shape"]);
  assertMatch(answer.message, /boutique/);
});
