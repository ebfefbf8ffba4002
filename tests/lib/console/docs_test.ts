import { assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { CONSOLE_ERRORS } from "../../../lib/console/errors.ts";
import { placeOfError, placeOfField, placeOfSetting } from "../../../lib/console/docs/places.ts";
import { renderDoc } from "../../../lib/console/docs/markdown.ts";
import { searchDocs } from "../../../lib/console/docs/search.ts";
import { handlers } from "../../../handlers/mod.ts";
import { PROBLEM_STATUSES } from "../../../lib/http/problem/problem.ts";
import { readPages } from "../../../lib/util/doc_pages.ts";
import { withConsole } from "./console_world.ts";

const pages = await readPages();
const shown = new Map([...pages].map(([name, text]) => [name, renderDoc(name, text)]));

function anchorsOf(page: string): ReadonlySet<string> {
  const html = shown.get(page)?.html ?? "";
  return new Set([...html.matchAll(/ id="([^"]*)"/g)].map(([, id = ""]) => id));
}

/** Every field that a rule of any kind can read, as the page of a delivery names it. */
function fieldsOfRules(): ReadonlySet<string> {
  const fields = new Set<string>(["item.properties['Size']", 'order.items[1].properties["a.b"]']);
  for (const { sight } of handlers) {
    const { types, variables } = sight?.vocabulary.definition ?? { types: {}, variables: {} };
    const walk = (path: string, type: string): void => {
      const [, element] = /^list<(.*)>$/.exec(type) ?? [];
      if (element !== undefined) return walk(`${path}[0]`, element);
      const owner = types[type];
      if (owner === undefined) return void fields.add(path);
      for (const [name, one] of Object.entries(owner)) {
        if (path.split(".").length < 6) walk(`${path}.${name}`, String(one));
      }
    };
    for (const [name, type] of Object.entries(variables)) walk(name, String(type));
  }
  return fields;
}

Deno.test("every link of the pages of docs leads to a place that there is", () => {
  let links = 0;
  for (const [page, { html }] of shown) {
    for (const [, href = ""] of html.matchAll(/ href="([^"]*)"/g)) {
      if (/^https?:/.test(href)) continue;
      links++;
      const [path = "", anchor = ""] = href.split("#");
      const target = path === "" ? page : path.replace("/docs/", "");
      assertEquals(shown.has(target), true, `${page}: ${href}`);
      if (anchor !== "") {
        assertEquals(anchorsOf(target).has(decodeURIComponent(anchor)), true, `${page}: ${href}`);
      }
    }
  }
  assertGreater(links, 300);
});

Deno.test("every error, setting and field of the order has its place in the pages of docs", () => {
  for (const code of [...Object.keys(PROBLEM_STATUSES), ...Object.keys(CONSOLE_ERRORS)]) {
    const [page = "", anchor = ""] = placeOfError(code)?.replace("/docs/", "").split("#") ?? [];
    assertEquals(anchorsOf(page).has(anchor), true, code);
  }
  assertGreater(fieldsOfRules().size, 100);
  for (const setting of ["server.port", "journal.path", "admin.port", "endpoints[].rules[].when"]) {
    assertEquals(anchorsOf("configuration").has(setting), true, setting);
  }
  for (const field of ["order.total", "order.currency", "order.user.department", "item.quantity"]) {
    assertEquals(anchorsOf("rules").has(field), true, field);
  }
});

Deno.test("a field that rules read leads to where the pages tell of it", () => {
  const paths = [
    "order.total",
    "order.user.email",
    "order.items[3].quantity",
    "order.items[3].shipTo.stateCode",
    "order.billTo.country",
    "order.deliveries[0].shipTo.address1",
  ];
  for (const path of paths) {
    const [, anchor = ""] = placeOfField(path).split("#");
    assertEquals(anchorsOf("rules").has(decodeURIComponent(anchor)), true, path);
  }
  for (const path of fieldsOfRules()) {
    const [, anchor = ""] = placeOfField(path).split("#");
    assertEquals(anchorsOf("rules").has(decodeURIComponent(anchor)), true, path);
  }
});

Deno.test("a setting that a mistake names leads to where the pages tell of it, or of what it stands in", () =>
  withConsole(async ({ ask }) => {
    const places = {
      "endpoints[0].rules[1].when": "endpoints[].rules[].when",
      "endpoints[0].otherwise.aprove": "endpoints[].otherwise",
      "endpoints[1].auth.secrets[0]": "endpoints[].auth.secrets",
      "endpoints[1].forward[0]": "endpoints[].forward",
      "destinations.erp.url": "destinations.NAME.url",
      "destinations.erp.retrySeconds[0]": "destinations.NAME.retrySeconds",
      'destinations["my erp"].headers.X': "destinations.NAME.headers",
      "services.budget": "services",
      "define.isVip": "define",
      "tables.plants.file": "tables.NAME.file",
      "console.users[0].password": "console.users[].password",
      "server.trustedProxies[0]": "server.trustedProxies",
      "servr.port": "",
    };
    for (const [path, place] of Object.entries(places)) {
      const { status, headers } = await ask(placeOfSetting(path));
      const to = `/docs/configuration${place === "" ? "" : `#${place}`}`;
      assertEquals([status, headers.get("Location")], [303, to]);
      assertEquals(place === "" || anchorsOf("configuration").has(place), true, place);
    }
  }));

Deno.test("renderDoc() shows HTML as text", () => {
  const { html } = renderDoc(
    "page",
    "# A\n\n<script>alert(1)</script> and <img src=x onerror=y>\n\n<b>b</b>\n",
  );
  assertEquals(/<(?:script|img|b)\b/.test(html), false);
  assertStringIncludes(html, "&lt;script&gt;");
});

Deno.test("renderDoc() follows no link that runs something", () => {
  const { html } = renderDoc(
    "page",
    "# A\n\n[x](javascript:alert(1)) [y](data:text/html,z) [z](//evil.example)\n",
  );
  assertEquals(html.includes('href="javascript'), false);
  assertEquals(html.includes('href="data'), false);
  assertEquals(html.includes('evil.example"'), false);
});

Deno.test("searchDocs() finds errors and settings first by their names", () => {
  const sections = [...shown.values()].flatMap((one) => one.sections);
  assertEquals(searchDocs(sections, "signature_mismatch")[0]?.anchor, "signature_mismatch");
  assertEquals(searchDocs(sections, "server.maxBodyBytes").length > 0, true);
  assertEquals(searchDocs(sections, "<script>"), []);
  assertEquals(searchDocs(sections, "(((").length, 0);
});
