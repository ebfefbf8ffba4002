import { assertEquals, assertThrows } from "@std/assert";
import { mentionTest } from "../../../lib/journal/mentions.ts";

const mentions = mentionTest(" Ann.Lee+shop@Example.com ");

for (
  const content of [
    "ann.lee+shop@example.com",
    "ANN.LEE+SHOP@EXAMPLE.COM",
    "<ann.lee+shop@example.com>, others",
    "Write to ann.lee+shop@example.com.",
    '{"a":"ann.lee\\u002Bshop\\u0040example.com"}',
    '{"a":"first line\\nann.lee+shop@example.com"}',
    '{"a":"\\u0061nn.lee+shop@\\u0065xample.com"}',
    "email=ann.lee%2Bshop%40example.com&x=1",
    "%3Cann.lee%2bshop%40example.com%3E",
    "a\0n\0n\0.\0l\0e\0e\0+\0s\0h\0o\0p\0@\0e\0x\0a\0m\0p\0l\0e\0.\0c\0o\0m\0",
  ]
) {
  Deno.test(`mentionTest() finds the address in ${JSON.stringify(content)}`, () => {
    assertEquals(mentions(content), true);
    assertEquals(mentions(new TextEncoder().encode(content)), true);
  });
}

for (
  const content of [
    "",
    "joann.lee+shop@example.com",
    "x.ann.lee+shop@example.com",
    "ann.lee+shop@example.com.au",
    "ann.lee+shop@example.community",
    "annXlee+shop@example.com",
    "ann.lee@example.com",
  ]
) {
  Deno.test(`mentionTest() does not find the address in ${JSON.stringify(content)}`, () => {
    assertEquals(mentions(content), false);
  });
}

Deno.test("mentionTest() refuses what is not an address", () => {
  for (const text of ["", "ann", "@example.com", "ann@", "a n@example.com", "%"]) {
    assertThrows(() => mentionTest(text), SyntaxError, "it is not an e-mail address");
  }
});
