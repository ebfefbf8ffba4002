import { assert, assertEquals } from "@std/assert";
import { type ConfigPath, isObject, valueAt } from "../../../lib/config/mistake.ts";
import { configJsonSchema } from "../../../lib/config/json_schema.ts";
import { fakeKind, plainKind } from "./fake_kind.ts";

const schema = configJsonSchema([fakeKind, plainKind]);

function at(...path: ConfigPath): unknown {
  return valueAt(schema, path);
}

const REFERENCE = { type: "string", pattern: "\\$\\{[^}]*\\}" };

Deno.test("configJsonSchema() is of draft 2020-12 and wants no key that has a default", () => {
  assertEquals(at("$schema"), "https://json-schema.org/draft/2020-12/schema");
  assertEquals(at("required"), undefined);
  assertEquals(at("additionalProperties"), false);
  assertEquals(at("properties", "server", "required"), undefined);
});

Deno.test("configJsonSchema() takes ${…} in the place of a number", () => {
  assertEquals(at("properties", "server", "properties", "port"), {
    description: "The port to listen on. 0 takes a free one.",
    default: 8080,
    anyOf: [{ type: "integer", minimum: 0, maximum: 65535 }, REFERENCE],
  });
});

Deno.test("configJsonSchema() has one branch a kind, told apart by its constant", () => {
  const branches = at("properties", "endpoints", "items", "oneOf");
  assert(Array.isArray(branches));
  assertEquals(branches.map((branch) => valueAt(branch, ["properties", "kind", "const"])), [
    "fake.kind",
    "fake.plain",
  ]);
  assertEquals(branches.map((branch) => valueAt(branch, ["required"])), [
    ["path", "kind", "signatureKeys"],
    ["path", "kind"],
  ]);
  assertEquals(branches.map((branch) => valueAt(branch, ["additionalProperties"])), [false, false]);
});

Deno.test("configJsonSchema() describes every key of the sections", () => {
  const bare: string[] = [];
  function visit(here: unknown, name: string): void {
    if (!isObject(here)) return;
    for (const [key, child] of Object.entries(valueAt(here, ["properties"]) ?? {})) {
      if (valueAt(child, ["description"]) === undefined) bare.push(`${name}.${key}`);
      visit(child, `${name}.${key}`);
    }
    for (const word of ["items", "additionalProperties"]) visit(here[word], name);
    for (const branch of [here.oneOf, here.anyOf].flat()) visit(branch, name);
  }
  visit({ ...schema, properties: { ...Object(at("properties")), endpoints: {} } }, "");
  assertEquals(bare, [".endpoints"]);
});

Deno.test("configJsonSchema() works without kinds", () => {
  assertEquals(isObject(configJsonSchema([])), true);
});
