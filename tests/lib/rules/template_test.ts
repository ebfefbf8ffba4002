import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { compileTemplate, fillTemplate } from "../../../lib/rules/template.ts";

const NAMES = ["publicUrl", "token", "list.id"];

function fill(text: string, values: Record<string, string>): string {
  const template = compileTemplate(text, NAMES);
  assert("segments" in template, JSON.stringify(template));
  return fillTemplate(template, (name) => values[name]);
}

Deno.test("fillTemplate() fills every gap", () => {
  assertEquals(
    fill("{publicUrl}/exports/{token}?list={list.id}", {
      publicUrl: "https://shop.example/a",
      token: "t-1",
      "list.id": "7",
    }),
    "https://shop.example/a/exports/t-1?list=7",
  );
});

Deno.test("fillTemplate() does not mind the case of names, nor spaces around them", () => {
  assertEquals(fill("/{TOKEN}/{ List.ID }", { token: "a", "list.id": "b" }), "/a/b");
});

Deno.test("fillTemplate() of an empty template is empty", () => assertEquals(fill("", {}), ""));

Deno.test("fillTemplate() encodes all but the unreserved characters", () => {
  assertEquals(
    fill("/{token}", { token: "a-_.~ /?#&=+%!'()*:@é\ud800" }),
    "/a-_.~%20%2F%3F%23%26%3D%2B%25%21%27%28%29%2A%3A%40%C3%A9%EF%BF%BD",
  );
});

Deno.test("fillTemplate() keeps dots in their place", () => {
  for (
    const [text, token, list, path] of [
      ["https://a.example/x/{token}/y", "..", "", "/x/%252E%252E/y"],
      ["https://a.example/x/{token}", ".", "", "/x/%252E"],
      ["https://a.example/x/{token}{list.id}/y", ".", ".", "/x/%252E%252E/y"],
      ["https://a.example/x/.{token}?q=1", ".", "", "/x/%252E%252E"],
      ["https://a.example/x/{token}#{list.id}", "..", "..", "/x/%252E%252E"],
      ["https://a.example/x/{token}", "...", "", "/x/..."],
      ["https://a.example/x/{token}.pdf", "..", "", "/x/...pdf"],
    ] as const
  ) {
    assertEquals(new URL(fill(text, { token, "list.id": list })).pathname, path, text);
  }
  assertEquals(fill("/a?next=/{token}/b", { token: ".." }), "/a?next=/../b");
});

Deno.test("fillTemplate() gives a URL that holds the very values", () => {
  const value = fc.string({ unit: "binary" }).map((text) => text.toWellFormed())
    .filter((text) => text !== "." && text !== "..");
  fc.assert(fc.property(value, value, (token, id) => {
    const url = new URL(
      fill("{publicUrl}/x/{token}/y?list={list.id}&z=1", {
        publicUrl: "https://shop.example",
        token,
        "list.id": id,
      }),
    );
    assertEquals(url.host, "shop.example");
    assertEquals(url.pathname.split("/").map(decodeURIComponent), ["", "x", token, "y"]);
    assertEquals([...url.searchParams], [["list", id], ["z", "1"]]);
    assertEquals(url.hash, "");
  }));
});

Deno.test("fillTemplate() wants every value", () => {
  assertThrows(() => fill("{token}", {}), TypeError, "no value for {token}");
});

for (
  const [text, message, column, hint] of [
    ["/a/{tokn}", "Unknown name {tokn}", 4, "Did you mean {token}?"],
    ["/{x}", "Unknown name {x}", 2, "A template may name {publicUrl}, {token}, {list.id}"],
    ["/{}", "Unknown name {}", 2, "A template may name {publicUrl}, {token}, {list.id}"],
    ["/{token", 'The "{" has no closing "}"', 2],
    ["/token}", 'The "}" has no opening "{"', 7],
    ["/{{token}}", 'The "{" has no closing "}"', 2],
  ] as const
) {
  Deno.test(`compileTemplate() explains: ${text}`, () => {
    assertEquals(compileTemplate(text, NAMES), {
      message,
      column,
      ...(hint === undefined ? {} : { hint }),
    });
  });
}
