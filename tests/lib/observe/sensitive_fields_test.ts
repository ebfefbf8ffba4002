import { withoutSensitiveFields } from "../../../lib/observe/sensitive_fields.ts";
import type { LogRecord } from "@logtape/logtape";
import { assertEquals, assertStrictEquals } from "@std/assert";

function recordOf(
  properties: Readonly<Record<string, unknown>>,
  message: readonly unknown[] = ["text"],
): LogRecord {
  const rawMessage = "text";
  return { category: ["storehook"], level: "info", message, properties, rawMessage, timestamp: 0 };
}

function cleaned(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return withoutSensitiveFields(recordOf(properties)).properties;
}

Deno.test("withoutSensitiveFields() leaves a record that holds nothing sensitive as it is", () => {
  const error = new Error("text", { cause: new TypeError("text") });
  const record = recordOf({ endpoint: "/a", status: 200, error, nested: { list: [1, "a"] } });
  assertStrictEquals(withoutSensitiveFields(record), record);
});

Deno.test("withoutSensitiveFields() takes values out by name, in the message too", () => {
  const record = recordOf(
    { password: "abc", endpoint: "/a", email: "" },
    ["password ", "abc", " of ", "/a", ""],
  );
  const { properties, message } = withoutSensitiveFields(record);
  assertEquals(properties, { password: "[removed]", endpoint: "/a", email: "" });
  assertEquals(message, ["password ", "[removed]", " of ", "/a", ""]);
});

Deno.test("withoutSensitiveFields() looks into objects, lists, headers and causes", () => {
  const cause = Object.assign(new Error("inner"), { token: "abc" });
  const error = new TypeError("outer", { cause });
  const { user, list, headers, error: shown } = cleaned({
    user: { id: 7, lastName: "Doe" },
    list: [{ signatureKey: 12 }],
    headers: new Headers({ Authorization: "abc", Accept: "text/html" }),
    error,
  });
  assertEquals([user, list, headers], [
    { id: 7, lastName: "[removed]" },
    [{ signatureKey: "[removed]" }],
    { authorization: "[removed]", accept: "text/html" },
  ]);
  assertEquals(shown, {
    name: "TypeError",
    message: "outer",
    stack: error.stack,
    cause: { name: "Error", message: "inner", stack: cause.stack, token: "[removed]" },
  });
});

Deno.test("withoutSensitiveFields() shows no bytes and comes to an end in what holds itself", () => {
  const circle: Record<string, unknown> = { bytes: new Uint8Array([1, 2]) };
  circle["circle"] = circle;
  const text = JSON.stringify(cleaned({ circle }));
  assertEquals(text.includes('"bytes":"[removed]"'), true);
});
