import { assertEquals, assertThrows } from "@std/assert";
import { replacePart } from "../../reference/written_part.ts";

const PAGE = "a\n\n<!-- begin: x -->\n\nold\n\n<!-- end: x -->\n\nb\n";

Deno.test("replacePart() leaves what stands around the markers", () => {
  const written = replacePart(PAGE, "x", "new");
  assertEquals(written, "a\n\n<!-- begin: x -->\n\nnew\n\n<!-- end: x -->\n\nb\n");
  assertEquals(replacePart(written, "x", "new"), written);
});

Deno.test("replacePart() refuses a page without both markers once, in order", () => {
  const swapped = "<!-- end: x --> <!-- begin: x -->";
  for (const page of ["", "<!-- begin: x -->", swapped, PAGE + PAGE, `${PAGE}<!-- end: x -->`]) {
    assertThrows(() => replacePart(page, "x", "new"), RangeError, 'Cannot write the part "x"');
  }
});
