import {
  assertEquals,
  assertLess,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import { type CartExport, type ExportServer, SAMPLE, withExportServer } from "./export_server.ts";

async function get(
  server: ExportServer,
  path: string,
  init: { method?: string; body?: string; headers?: Record<string, string> } = {},
) {
  const response = await fetch(`${server.url()}${path}`, {
    ...init,
    headers: { "X-Request-Id": "r1", "Accept-Encoding": "identity", ...init.headers },
  });
  const { status, headers } = response;
  return { status, headers, text: await response.text() };
}

function withQuantity(quantity: number): CartExport {
  const [first, ...others] = SAMPLE.list.items;
  if (first === undefined) throw new Error("The sample has no items");
  return { ...SAMPLE, list: { ...SAMPLE.list, items: [{ ...first, quantity }, ...others] } };
}

Deno.test("the program shows an exported list, its update and the earlier version", async () => {
  await withExportServer(async (server) => {
    const path = await server.exportCart(SAMPLE);
    assertMatch(path, /^\/exports\/[\w-]{22}$/);
    const first = await get(server, path);
    assertEquals(first.status, 200);
    assertStringIncludes(first.text, "<p>Version 1, the newest one</p>");
    assertStringIncludes(first.text, 'data-label="Quantity">250</td>');

    assertEquals(await server.exportCart(withQuantity(777)), path);
    const second = await get(server, path);
    assertStringIncludes(second.text, "<p>Version 2, the newest one</p>");
    assertStringIncludes(second.text, 'data-label="Quantity">777</td>');
    assertNotMatch(second.text, />250</);

    const earlier = await get(server, `${path}?version=1`);
    assertStringIncludes(earlier.text, "Version 1, an earlier one. The newest is version 2.");
    assertStringIncludes(earlier.text, 'data-label="Quantity">250</td>');

    await server.restart();
    assertEquals((await get(server, path)).text, second.text);
    assertEquals((await get(server, `${path}?version=1`)).text, earlier.text);
    assertEquals(await server.exportCart(SAMPLE), path);
    assertStringIncludes((await get(server, path)).text, "<p>Version 3, the newest one</p>");
  });
});

Deno.test("the program gives an export's files, HEAD and errors over a socket", async () => {
  await withExportServer(async (server) => {
    const path = await server.exportCart(SAMPLE);
    const json = await get(server, `${path}.json`);
    const document = JSON.parse(json.text);
    assertEquals(document, {
      version: 1,
      savedAt: document.savedAt,
      store: "Connect Enterprise Store",
      listId: "e3f6c1de-8f44-4d5b-9c6a-2a3d5c1b7f90",
      externalId: document.externalId,
      modified: "2023-12-03T10:15:30.123",
      items: [
        {
          id: "0b7f2f0e-5c1d-4f4e-9d8b-7c6a5b4e3d21",
          product: "Business card",
          catalogNumber: "BC-001",
          nickname: "Müller’s cards",
          quantity: 250,
          notes: [],
        },
        {
          id: "1c8f3a1f-6d2e-4a5f-8e9c-8d7b6c5f4e32",
          product: "Brochure A4",
          catalogNumber: "",
          nickname: "",
          quantity: 1000,
          notes: [
            { level: "warning", text: "Inventory is low" },
            { level: "warning", text: "Shipping will be split" },
          ],
        },
      ],
    });
    const csv = await get(server, `${path}.csv`);
    assertEquals(
      csv.text, // without the byte order mark, which text() takes away
      "product,catalogNumber,nickname,quantity,errors,warnings,notes\r\n" +
        "Business card,BC-001,Müller’s cards,250,,,\r\n" +
        'Brochure A4,,,1000,,"Inventory is low\nShipping will be split",\r\n',
    );

    const head = await get(server, `${path}.json`, { method: "HEAD" });
    assertEquals([head.status, head.text], [200, ""]);
    const names = ["content-type", "content-length", "content-disposition"];
    assertEquals(
      names.map((name) => head.headers.get(name)),
      names.map((name) => json.headers.get(name)),
    );

    const unknown = await Promise.all(
      ["/exports/AAAAAAAAAAAAAAAAAAAAAA", "/exports/x", `${path}?version=2`, "/nothing"].map((
        one,
      ) => get(server, one, { headers: { Accept: "application/json" } })),
    );
    for (const { status, text } of unknown) assertEquals([status, text], [404, unknown[0]?.text]);
    const post = await get(server, path, { method: "POST", body: "{}" });
    assertEquals([post.status, post.headers.get("allow")], [405, "GET, HEAD"]);
  });
});

const LOOKS = 150;

Deno.test("many looks at a list of thousands of lines keep nobody waiting", async () => {
  await withExportServer(async (server) => {
    const [first] = SAMPLE.list.items;
    if (first === undefined) throw new Error("The sample has no items");
    const items = Array.from({ length: 9000 }, (_, index) => ({ ...first, ID: `item-${index}` }));
    const path = await server.exportCart({ ...SAMPLE, list: { ...SAMPLE.list, items } });
    // A look without the bytes of the page, which would keep this process busy, too.
    const look = async () => {
      const { status, headers } = await get(server, path, { method: "HEAD" });
      assertEquals([status, Number(headers.get("content-length")) > 1_000_000], [200, true]);
    };
    const timeOf = async (work: () => Promise<unknown>) => {
      const startedAt = performance.now();
      await work();
      return performance.now() - startedAt;
    };
    const firstMs = await timeOf(look);
    let isOver = false;
    let longestMs = 0;
    const asking = (async () => {
      while (!isOver) {
        longestMs = Math.max(longestMs, await timeOf(() => get(server, "/livez")));
      }
    })();
    const othersMs = await timeOf(() => Promise.all(Array.from({ length: LOOKS }, look)));
    isOver = true;
    await asking;
    assertEquals((await get(server, path)).text.length > 1_000_000, true);
    // Written anew for each of them, the page would take a hundred times as long as for one.
    assertLess(othersMs, 10 * firstMs);
    assertLess(longestMs, 10 * firstMs);
  });
});
