import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ASSETS } from "../../../lib/console/assets.generated.ts";
import { CONSOLE_ROUTES } from "../../../lib/console/console.ts";
import { withConsole } from "./console_world.ts";

const PAGES = CONSOLE_ROUTES.filter(({ page, method }) => page !== undefined && method === "GET")
  .map(({ pagePath, path }) => pagePath ?? path)
  .filter((path) => !path.includes("{"));

/** Where a page leads, and what it loads. */
function targetsOf(html: string): readonly string[] {
  return [...html.matchAll(/ (?:href|src|action)="([^"]*)"/g)].map(([, target = ""]) => target);
}

Deno.test("every link and form of a page stays below the path of console.publicUrl", () =>
  withConsole(async ({ ask, change }) => {
    await change({
      publicUrl: "https://ops.example/storehook",
      tokens: [],
      users: [],
    });
    const headers = { Host: "ops.example" };
    for (const path of ["/login", "/docs", "/docs/errors", "/nothing-here"]) {
      const { text } = await ask(`/storehook${path}`, { headers });
      const targets = targetsOf(text).filter((target) => target.startsWith("/"));
      assert(targets.length > 1, path);
      for (const target of targets) assert(target.startsWith("/storehook/"), `${path}: ${target}`);
    }
    const style = await ask(`/storehook${ASSETS.style.path}`, { headers });
    assertEquals(style.status, 200);
    assertStringIncludes(style.headers.get("Cache-Control") ?? "", "immutable");
  }));

Deno.test("every page says for itself what it may load, and has nothing inline", () =>
  withConsole(async ({ ask }) => {
    assert(PAGES.length > 8);
    for (const path of PAGES) {
      const { status, text, headers } = await ask(path, { as: "admin" });
      assertEquals(status, 200, path);
      assertEquals(headers.get("Content-Type"), "text/html; charset=utf-8", path);
      assertStringIncludes(headers.get("Content-Security-Policy") ?? "", "default-src 'none'");
      assertEquals(
        /<style|<script(?! type="module" src=)| style="| on[a-z]+="/.test(text),
        false,
        path,
      );
      assertEquals(targetsOf(text).filter((target) => /^(?:https?:)?\/\//.test(target)), [], path);
    }
  }));

Deno.test("who is signed in finds the way back from where there is nothing", () =>
  withConsole(async ({ ask }) => {
    const { status, text } = await ask("/nothing-here", { as: "operator" });
    assertEquals(status, 404);
    assertStringIncludes(text, "There is nothing here");
    assertStringIncludes(text, 'id="pages"');
    // A viewer is not led to what takes an operator.
    const viewer = await ask("/deliveries", { as: "viewer" });
    assertEquals(viewer.text.includes('href="/audit"'), false);
  }));

Deno.test("the documentation is for everybody, as a page and as its file", () =>
  withConsole(async ({ ask }) => {
    const page = await ask("/docs/errors");
    assertEquals(page.status, 200);
    assertStringIncludes(page.text, 'id="signature_mismatch"');
    const found = await ask("/docs?q=%3Cscript%3E+signature");
    assertEquals(found.status, 200);
    assertEquals(found.text.includes("<script>"), false);
    assertEquals((await ask("/docs/none")).status, 404);
    assertEquals((await ask("/docs/errors", { form: { a: "b" } })).status, 405);
  }));
