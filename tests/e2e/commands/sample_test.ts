import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { ORDER_CREATE_JSON } from "../../../handlers/ultracart/order_sample.ts";
import { handlers } from "../../../handlers/mod.ts";
import { runProgram, SHIPPED_CONFIG, temporaryFolder } from "../program.ts";
import { runHere } from "../run_here.ts";

Deno.test("sample prints the document of every kind", async () => {
  await Promise.all(handlers.map(async ({ kind, sample }) => {
    const { code, stdout, stderr } = await runHere(["sample", kind]);
    assertEquals([code, stderr], [0, ""], kind);
    assertEquals(stdout, `${JSON.stringify(sample.request, null, 2)}\n`, kind);
    assertStringIncludes(stdout, "\n  ");
  }));
});

Deno.test("sample prints numbers as the platform writes them", async () => {
  const { stdout } = await runHere(["sample", "ultracart.events"]);
  assertEquals(stdout.match(/"value": .*/g), ORDER_CREATE_JSON.match(/"value": .*/g));
  assertStringIncludes(stdout, '"value": 20.0,');
});

Deno.test("explain decides what sample printed", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "order.json");
  const printed = await runProgram(["sample", "ustore.order-approval"]);
  // As PowerShell writes it.
  await Deno.writeTextFile(file, `\uFEFF${printed.stdout.replaceAll("\n", "\r\n")}`);
  const explain = ["explain", "ustore.order-approval", "--config", SHIPPED_CONFIG, "--json"];
  const { stdout } = await runProgram([...explain, "--body", file]);
  assertEquals(JSON.parse(stdout).answer, { ApprovalGroupId: 10065, IsApprovalNeeded: true });
});

Deno.test("sample names the kinds when there is none of that name", async () => {
  const { code, stdout, stderr } = await runHere(["sample", "ustore.taxes"]);
  assertEquals([code, stdout], [2, ""]);
  assertStringIncludes(stderr, 'did you mean "ustore.tax"?');
});
