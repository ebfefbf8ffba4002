import { assertEquals } from "@std/assert";
import { HAS_CHROMIUM } from "../e2e/exports/chromium.ts";
import type { ConsoleContext } from "../../lib/console/context.ts";
import { withBrowserWorld } from "./browser_world.ts";

/** The search takes three parts: nothing yet, what is found, and the end. */
function slow(context: ConsoleContext): ConsoleContext {
  const { reader } = context;
  const lookedBackTo = new Date(Date.now() - 86_400_000).toISOString();
  return {
    ...context,
    reader: {
      ...reader,
      async deliveries({ text, cursor, ...search }) {
        if (text === undefined) return await reader.deliveries(search);
        if (cursor === undefined) return { deliveries: [], next: "1000.a", lookedBackTo };
        if (cursor === "1000.b" || text === "nothing") {
          return { deliveries: [], next: null, lookedBackTo: null };
        }
        const { deliveries } = await reader.deliveries({ ...search, limit: 2 });
        return { deliveries, next: "1000.b", lookedBackTo };
      },
    },
  };
}

Deno.test({
  name: "a search that takes long is shown at once, and goes on in the browser to its end",
  ignore: !HAS_CHROMIUM,
  fn: () =>
    withBrowserWorld(async ({ open, order }) => {
      await order("28604", "10.00");
      await order("28605", "20.00");
      const rows = "table tbody tr";
      await open("/deliveries?text=rare", {}, async (page) => {
        await page.waitForSelector(rows);
        await page.waitForSelector("a[data-look]", { state: "detached" });
        assertEquals(await page.locator(rows).count(), 2);
        assertEquals(page.url().includes("cursor"), false);
        // The newest are on this page.
        assertEquals(await page.locator("[data-newest]").count(), 0);
      });
      await open("/deliveries?text=rare", { javaScriptEnabled: false }, async (page) => {
        assertEquals(await page.locator(rows).count(), 0);
        await page.locator("a[data-look]").click();
        await page.waitForURL("**cursor=1000.a**");
        assertEquals(await page.locator(rows).count(), 2);
        await page.locator("a[data-look]").click();
        await page.waitForURL("**cursor=1000.b**");
        assertEquals(await page.locator(".empty").count(), 1);
        assertEquals(await page.locator("[data-newest]").count(), 1);
      });
    }, { wrap: slow }),
});

Deno.test({
  name: "a search that went on and found nothing says so, also when something else comes",
  ignore: !HAS_CHROMIUM,
  fn: () =>
    withBrowserWorld(async ({ open, order }) => {
      await open("/deliveries?text=nothing", {}, async (page) => {
        await page.waitForSelector(".empty");
        for (const number of ["28604", "28605"]) {
          // The page is fetched again when what was fetched before is shown.
          const fetched = page.waitForResponse((response) =>
            response.request().resourceType() === "fetch" && !response.url().includes("cursor")
          );
          await order(number, "10.00");
          await fetched;
        }
        assertEquals(await page.locator(".empty").count(), 1);
      });
    }, { wrap: slow }),
});
