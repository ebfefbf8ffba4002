import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { EXPORTS_PREFIX, RESERVED_PREFIXES } from "../../../lib/http/endpoint.ts";
import { createExportRoutes } from "../../../lib/exports/routes.ts";
import { pagePolicy } from "../../../lib/exports/page.ts";
import { MESSAGES } from "../../../lib/http/problem/problem_answer.ts";
import type { StoredExport } from "../../../lib/journal/export.ts";
import { JournalUnavailable } from "../../../lib/journal/errors.ts";
import { LIST, storedExport, TOKEN } from "./sample.ts";

const PAGE = `/exports/${TOKEN}`;
const COMMON = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "vary": "Accept, Accept-Language",
  "x-content-type-options": "nosniff",
  "x-request-id": "r1",
  "x-robots-tag": "noindex",
};
const NOT_FOUND =
  '{"message":"There is nothing at this address. Please check the URL.","code":"not_found","requestId":"r1"}';

function findExport(token: string, version = 3): StoredExport | undefined {
  if (token !== TOKEN || ![1, 3].includes(version)) return undefined;
  return storedExport(version);
}

const journal = {
  findExport: (...args: Parameters<typeof findExport>) => Promise.resolve(findExport(...args)),
};

interface Asked {
  readonly headers?: Record<string, string>;
  readonly method?: string;
  readonly find?: typeof findExport;
}

async function ask(path: string, { headers = {}, method = "GET", find = findExport }: Asked = {}) {
  const request = new Request(`http://host${path}`, {
    method,
    headers: { "X-Request-Id": "r1", ...headers },
  });
  const { pathname } = new URL(request.url);
  const finding = (...args: Parameters<typeof findExport>) => Promise.try(() => find(...args));
  const routes = createExportRoutes({ findExport: finding }, () => "UTC");
  const response = await routes(request, pathname, "192.0.2.7");
  assert(response !== undefined);
  const body = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await response.bytes());
  return { status: response.status, headers: Object.fromEntries(response.headers), body };
}

function sizeOf(text: string): string {
  return String(new TextEncoder().encode(text).length);
}

Deno.test("createExportRoutes() leaves other paths to others", () => {
  const routes = createExportRoutes(journal, () => "UTC");
  for (const path of ["/", "/exports", "/export/x", "/a/exports/x", "/EXPORTS/x"]) {
    assertEquals(routes(new Request(`http://host${path}`), path, "192.0.2.7"), undefined);
  }
  assertEquals(RESERVED_PREFIXES.includes(EXPORTS_PREFIX), true);
});

Deno.test("createExportRoutes() answers with the page and its exact headers", async () => {
  const { status, headers, body } = await ask(PAGE);
  assertEquals(status, 200);
  assertEquals(headers, {
    ...COMMON,
    "content-language": "en",
    "content-length": sizeOf(body),
    "content-security-policy": pagePolicy(),
    "content-type": "text/html; charset=utf-8",
  });
  assertStringIncludes(body, "<h1>Exported list</h1>");
  assertEquals((await ask(`${PAGE}.html`, { headers: { Accept: "text/csv" } })).body, body);
});

Deno.test("createExportRoutes() answers with the exact JSON", async () => {
  const { status, headers, body } = await ask(`${PAGE}.json?version=1`);
  assertEquals(status, 200);
  const wanted = { version: 1, savedAt: "2025-12-31T23:59:00.000Z", ...LIST };
  assertEquals(body, `${JSON.stringify(wanted, null, 2)}\n`);
  assertEquals(headers, {
    ...COMMON,
    "content-disposition": 'attachment; filename="exported-list-EXT-7-version-1.json"',
    "content-length": sizeOf(body),
    "content-type": "application/json",
  });
});

Deno.test("createExportRoutes() answers with the exact CSV", async () => {
  const { status, headers, body } = await ask(`${PAGE}.csv`);
  assertEquals(status, 200);
  assertStringIncludes(body, "\uFEFFproduct,catalogNumber,");
  assertEquals(headers, {
    ...COMMON,
    "content-disposition": 'attachment; filename="exported-list-EXT-7-version-3.csv"',
    "content-length": sizeOf(body),
    "content-type": "text/csv; charset=utf-8; header=present",
  });
});

Deno.test("createExportRoutes() gives what Accept prefers, the page when nothing fits", async () => {
  const wishes = [
    ["application/json", "application/json"],
    ["text/csv, application/json;q=0.5", "text/csv; charset=utf-8; header=present"],
    ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8"],
    ["*/*", "text/html; charset=utf-8"],
    ["image/png", "text/html; charset=utf-8"],
    ["", "text/html; charset=utf-8"],
  ] as const;
  const found = await Promise.all(wishes.map(([Accept]) => ask(PAGE, { headers: { Accept } })));
  assertEquals(found.map(({ headers }) => headers["content-type"]), wishes.map(([, type]) => type));
});

Deno.test("createExportRoutes() speaks the language of Accept-Language", async () => {
  const { headers, body } = await ask(PAGE, { headers: { "Accept-Language": "he-IL, en;q=0.5" } });
  assertEquals(headers["content-language"], "he");
  assertStringIncludes(body, '<html lang="he" dir="rtl">');
});

Deno.test("createExportRoutes() answers HEAD like GET, without the body", async () => {
  const paths = [PAGE, `${PAGE}.csv`, `${PAGE}.json`, "/exports/x"];
  await Promise.all(paths.map(async (path) => {
    const got = await ask(path);
    assertEquals(await ask(path, { method: "HEAD" }), { ...got, body: "" });
  }));
});

Deno.test("createExportRoutes() refuses other methods, whatever the token", async () => {
  const paths = [PAGE, "/exports/x", "/exports/"];
  const methods = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
  const asked = paths.flatMap((path) => methods.map((method) => ask(path, { method })));
  for (const { status, headers } of await Promise.all(asked)) {
    assertEquals([status, headers["allow"]], [405, "GET, HEAD"]);
  }
});

Deno.test("createExportRoutes() answers everything it does not have with the same bytes", async () => {
  const paths = [
    "/exports/",
    "/exports/x",
    `/exports/${TOKEN.toLowerCase()}`,
    `${PAGE}x`,
    `${PAGE}/`,
    `${PAGE}.xml`,
    `${PAGE}.json.csv`,
    `/exports/%41${TOKEN.slice(1)}`,
    `/exports/${TOKEN}%00`,
    ...["0", "2", "4", "-1", "1.0", "01", "+1", "1e0", "", "x", "9999999999", "1&version=1"].map((
      version,
    ) => `${PAGE}?version=${version}`),
  ];
  const wanted = {
    status: 404,
    headers: {
      ...COMMON,
      "content-language": "en",
      "content-length": sizeOf(NOT_FOUND),
      "content-type": "application/json",
    },
    body: NOT_FOUND,
  };
  const headers = { Accept: "application/json" };
  const found = await Promise.all(paths.map((path) => ask(path, { headers })));
  found.forEach((answer, index) => assertEquals(answer, wanted, paths[index] ?? ""));
});

Deno.test("createExportRoutes() never throws, whatever is asked for", async () => {
  const asciiText = fc.string({ unit: "grapheme-ascii" });
  await fc.assert(fc.asyncProperty(asciiText, asciiText, async (text, accept) => {
    const path = `/exports/${encodeURI(text)}`;
    // With ".." in it, the path of the URL is another one.
    fc.pre(new URL(path, "http://host").pathname.startsWith("/exports/"));
    const { status } = await ask(path, { headers: { Accept: accept } });
    assertEquals(status, 404);
    assertEquals((await ask(PAGE, { headers: { Accept: accept } })).status, 200);
  }));
});

Deno.test("createExportRoutes() says when to come back while the journal can't be read", async () => {
  const { status, headers, body } = await ask(PAGE, {
    headers: { Accept: "application/json" },
    find: () => {
      throw new JournalUnavailable("Cannot use the journal: it is closed");
    },
  });
  assertEquals([status, headers["retry-after"]], [503, "10"]);
  assertEquals(
    body,
    '{"message":"The service is currently unavailable. Please try again in a moment.","code":"unavailable","requestId":"r1"}',
  );
});

Deno.test("createExportRoutes() says nothing of a stored list that it can't read", async () => {
  const broken = [{ store: 1 }, []];
  const found = await Promise.all(
    broken.map((list) => ask(`${PAGE}.json`, { find: () => storedExport(3, list) })),
  );
  for (const { status, body } of found) {
    assertEquals([status, JSON.parse(body).code], [500, "internal_error"]);
  }
});

Deno.test("createExportRoutes() names files by letters and digits alone", async () => {
  const names = [
    ['../../etc/"passwd"\r\nX: y', "exported-list-etc-passwd-X-y-version-3.csv"],
    ["שלום", "exported-list-version-3.csv"],
    ["x".repeat(99), `exported-list-${"x".repeat(40)}-version-3.csv`],
    [`${"x".repeat(39)}-y`, `exported-list-${"x".repeat(39)}-version-3.csv`],
  ];
  await Promise.all(names.map(async ([externalId, name]) => {
    const find = () => storedExport(3, { ...LIST, externalId });
    const { headers } = await ask(`${PAGE}.csv`, { find });
    assertEquals(headers["content-disposition"], `attachment; filename="${name}"`);
  }));
});

Deno.test("createExportRoutes() says it in a page of the shopper's language, but for who asks for JSON", async () => {
  const browser = { Accept: "text/html,*/*;q=0.8", "Accept-Language": "de" };
  for (const headers of [browser, { ...browser, Accept: "*/*" }]) {
    const { status, headers: found, body } = await ask("/exports/x", { headers });
    assertEquals([status, found["content-type"]], [404, "text/html; charset=utf-8"]);
    assertEquals(found["content-language"], "de");
    assertEquals(found["content-security-policy"], pagePolicy());
    assertStringIncludes(body, '<html lang="de" dir="ltr">');
    assertStringIncludes(body, MESSAGES.de.problems.not_found);
  }
  const wishes = [{ Accept: "application/json" }, { Accept: "text/csv" }];
  for (const headers of wishes) {
    assertEquals((await ask("/exports/x", { headers })).body, NOT_FOUND);
  }
  const file = `/exports/${TOKEN.toLowerCase()}.json`;
  assertEquals((await ask(file, { headers: { Accept: "*/*" } })).body, NOT_FOUND);
});

Deno.test("createExportRoutes() shows times in the zone that counts now", async () => {
  let zone = "UTC";
  const routes = createExportRoutes(journal, () => zone);
  const look = async () => {
    const response = await routes(new Request(`http://host${PAGE}`), PAGE, "192.0.2.7");
    return await response?.text() ?? "";
  };
  assertStringIncludes(await look(), "March 9, 2026 at 8:05 AM UTC");
  zone = "America/New_York";
  assertStringIncludes(await look(), "March 9, 2026 at 4:05 AM EDT");
});
