import { assertEquals, assertStrictEquals } from "@std/assert";
import { ShapeError } from "../../../../lib/rules/cel/evaluation.ts";
import {
  Problem,
  PROBLEM_STATUSES,
  problemLink,
  problemOfShape,
} from "../../../../lib/http/problem/problem.ts";

Deno.test("Problem has the status of its code and nothing else by itself", () => {
  const problem = new Problem("not_found");
  assertEquals(problem.status, 404);
  assertEquals(problem.params, {});
  assertEquals(problem.headers, {});
  assertEquals(problem.messages, undefined);
  assertEquals(problem.cause, undefined);
  assertEquals(problem.message, "Cannot answer the request: not_found");
});

Deno.test("Problem tells the log where and what was wanted, never what was found", () => {
  const params = { path: 'a"b', found: "Jane", wanted: "id", items: "Jane" };
  assertEquals(
    new Problem("wrong_shape", { params, messages: "Jane" }).message,
    'Cannot answer the request: wrong_shape with path "a\\"b", wanted "id"',
  );
});

Deno.test("Problem says when to come back unless its thrower does", () => {
  assertEquals(new Problem("unavailable").headers, { "Retry-After": "10" });
  assertEquals(
    new Problem("unavailable", { headers: { "retry-after": "60" } }).headers,
    { "retry-after": "60" },
  );
});

Deno.test("problemOfShape() keeps path, found, wanted and the cause", () => {
  const error = new ShapeError("Order.Prices.Tax", '"x"', "number");
  const problem = problemOfShape(error);
  assertEquals(problem.code, "wrong_shape");
  assertEquals(problem.params, { path: "Order.Prices.Tax", found: '"x"', wanted: "number" });
  assertStrictEquals(problem.cause, error);
});

Deno.test("problemLink() leads to a section of docs/errors.md that names the status", async () => {
  const page = await Deno.readTextFile(new URL("../../../../docs/errors.md", import.meta.url));
  const sections = page.split(/^## /m).slice(1).map((section) => section.split("\n"));
  assertEquals(
    sections.map(([heading, , status]) => [heading, status]),
    Object.entries(PROBLEM_STATUSES).map(([code, status]) => [code, `Status ${status}.`]),
  );
  assertEquals(problemLink("too_deep"), "docs/errors.md#too_deep");
  assertEquals(problemLink("too_deep", "http://h:1/docs"), "http://h:1/docs/errors#too_deep");
});

Deno.test("docs/errors.md tells of every error what it means, who sees it and what to do", async () => {
  const page = await Deno.readTextFile(new URL("../../../../docs/errors.md", import.meta.url));
  for (const section of page.split(/^## /m).slice(1)) {
    const parts = section.replaceAll(/\s+/g, " ").match(/\*\*[^*]+\*\*/g);
    assertEquals(parts, ["**Meaning:**", "**Who sees it:**", "**What to do:**"], section);
  }
});
