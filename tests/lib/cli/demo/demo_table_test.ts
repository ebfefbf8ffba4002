import { assertEquals } from "@std/assert";
import { type DemoRow, formatDemo } from "../../../../lib/cli/demo/demo_table.ts";
import { VERSION } from "../../../../lib/cli/version.ts";

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
