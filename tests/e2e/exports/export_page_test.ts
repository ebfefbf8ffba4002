import { assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import axe from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { HOSTILE } from "../../lib/exports/sample.ts";
import { HAS_CHROMIUM, withChromium } from "./chromium.ts";
import { type CartExport, SAMPLE, withExportServer } from "./export_server.ts";
import { DEADLINE_MS } from "../waits.ts";

if (!HAS_CHROMIUM) console.log("The export page is not opened in a browser: there is no chromium");

/** The lowest contrast of any visible text to what is behind it, as WCAG counts it. */
const LOWEST_CONTRAST = `(() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const linear = (value) => value <= 10.31475 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  const luminance = ([red, green, blue]) =>
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  const behind = (element) => {
    const color = channels(getComputedStyle(element).backgroundColor);
    return color[3] === 0 ? behind(element.parentElement) : color;
  };
  const texts = [...document.body.querySelectorAll("*")].filter((element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ""));
  return Math.min(...texts.map((element) => {
    const lights = [luminance(channels(getComputedStyle(element).color)), luminance(behind(element))];
    return (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
  }));
})()`;
const OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

function styleOf(selector: string, property: string): string {
  return `getComputedStyle(document.querySelector("${selector}")).${property}`;
}

/** What keeps people from using a page, as axe sees it: the rule, and where. */
async function barriersOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<Pick<axe.AxeResults, "violations">>("axe.run()");
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** Opens a page in a context of its own, and wants no complaint of the browser. */
async function open(
  browser: Browser,
  url: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<void>,
  status = 200,
): Promise<void> {
  const context = await browser.newContext({ locale: "en-US", ...options });
  context.setDefaultTimeout(DEADLINE_MS);
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => complaints.push(dialog.message()));
    const response = await page.goto(url);
    assertEquals(response?.status(), status);
    await look(page);
    assertEquals(await barriersOf(page), []);
    // A browser complains of every status that is no 200.
    assertEquals(complaints.filter((text) => !text.includes(`status of ${status}`)), []);
  } finally {
    await context.close();
  }
}

/** A list whose every text would do harm where it is not taken for text. */
function hostileExport(): CartExport {
  const items = HOSTILE.map((text, index) => ({
    ID: `i${index}`,
    product: { ID: "1", name: text, catalogNumber: text },
    nickname: text,
    quantity: index,
    validations: [{ type: 1, level: 2, message: text }],
  }));
  const store = { id: "s", name: HOSTILE[0] };
  return { ...SAMPLE, store, list: { ...SAMPLE.list, id: "hostile", items } };
}

Deno.test({
  name: "the export page is readable in a browser, by people and by their tools",
  ignore: !HAS_CHROMIUM,
  async fn() {
    await withExportServer(async (server) => {
      const path = await server.exportCart(SAMPLE);
      await server.exportCart({ ...SAMPLE, store: { ...SAMPLE.store, name: "Another name" } });
      await withChromium(async (browser) => {
        const url = `${server.url()}${path}`;
        await open(browser, url, {}, looksRight);
        await open(browser, url, { colorScheme: "dark" }, async (page) => {
          assertGreater(await page.evaluate<number>(LOWEST_CONTRAST), 4.5);
        });
        await open(browser, url, { viewport: { width: 320, height: 640 } }, fitsPhone);
        await open(browser, url, { locale: "he-IL" }, readsFromTheRight);
        await open(browser, url, {}, (page) => downloads(page, url, "CSV", "csv"));
        await open(browser, url, {}, (page) => downloads(page, url, "JSON", "json"));
        await open(browser, url, {}, leadsToEarlierVersion);
      });
    });
  },
});

async function looksRight(page: Page): Promise<void> {
  assertEquals(await page.locator("h1").allTextContents(), ["Exported list"]);
  assertEquals(await page.locator("html").getAttribute("lang"), "en");
  assertEquals(await page.locator("html").getAttribute("dir"), "ltr");
  assertEquals(await page.getByRole("banner").count(), 1);
  assertEquals(await page.getByRole("main").count(), 1);
  assertEquals(await page.getByRole("navigation", { name: "Download" }).count(), 1);
  assertEquals(await page.getByRole("navigation", { name: "All versions" }).count(), 1);
  // The policy lets the style through.
  assertEquals(
    await page.evaluate<string>(styleOf("table", "borderCollapse")),
    "collapse",
  );
  assertGreater(await page.evaluate<number>(LOWEST_CONTRAST), 4.5);
  await hasTable(page);
}

async function hasTable(page: Page): Promise<void> {
  const table = page.getByRole("table", { name: "Items (2)" });
  assertEquals(
    await table.getByRole("columnheader").allTextContents(),
    ["Product", "Catalog number", "Nickname", "Quantity", "Notes"],
  );
  const row = table.getByRole("row", { name: "Business card" });
  assertEquals(await row.getByRole("rowheader").allTextContents(), ["Business card"]);
  assertEquals(
    await row.getByRole("cell").allTextContents(),
    ["BC-001", "Müller’s cards", "250", ""],
  );
  assertEquals(
    await table.getByRole("listitem").allTextContents(),
    ["Warning: Inventory is low", "Warning: Shipping will be split"],
  );
}

async function fitsPhone(page: Page): Promise<void> {
  assertEquals(await page.evaluate<number>(OVERFLOW), 0);
  assertEquals(
    await page.evaluate<string>(styleOf("tbody td", "display")),
    "block",
  );
  await page.emulateMedia({ media: "print" });
  assertEquals(
    await page.evaluate<string>(styleOf("tbody td", "display")),
    "table-cell",
  );
}

async function readsFromTheRight(page: Page): Promise<void> {
  assertEquals(await page.locator("html").getAttribute("dir"), "rtl");
  const [first, second] = await Promise.all(
    [0, 1].map((index) => page.getByRole("columnheader").nth(index).boundingBox()),
  );
  assertGreater(first?.x ?? 0, second?.x ?? Infinity);
}

async function downloads(page: Page, url: string, name: string, suffix: string): Promise<void> {
  const download = await clickToDownload(page, name);
  const answer = await fetch(`${url}.${suffix}`);
  assertEquals(download.bytes, await answer.bytes());
  assertStringIncludes(answer.headers.get("content-disposition") ?? "", `"${download.name}"`);
}

async function clickToDownload(page: Page, name: string) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: await Deno.readFile(await download.path()) };
}

async function leadsToEarlierVersion(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Version 1" }).click();
  assertStringIncludes(await page.locator(".notice").innerText(), "Version 1, an earlier one.");
  await page.getByRole("link", { name: "Show the newest version" }).click();
  assertEquals(await page.locator("header p").innerText(), "Version 2, the newest one");
}

Deno.test({
  name: "an unknown link shows a page in the shopper's language",
  ignore: !HAS_CHROMIUM,
  async fn() {
    await withExportServer((server) =>
      withChromium(async (browser) => {
        const url = `${server.url()}/exports/AAAAAAAAAAAAAAAAAAAAAA`;
        const languages = { "de-AT": ["de", "ltr"], "he-IL": ["he", "rtl"], "xx": ["en", "ltr"] };
        for (const [locale, wanted] of Object.entries(languages)) {
          await open(browser, url, { locale }, async (page) => {
            const html = page.locator("html");
            const found = [await html.getAttribute("lang"), await html.getAttribute("dir")];
            assertEquals(found, wanted);
            assertGreater(await page.evaluate<number>(LOWEST_CONTRAST), 4.5);
          }, 404);
        }
      })
    );
  },
});

Deno.test({
  name: "the export page shows hostile text as text in a browser",
  ignore: !HAS_CHROMIUM,
  async fn() {
    await withExportServer(async (server) => {
      const path = await server.exportCart(hostileExport());
      await withChromium((browser) =>
        open(browser, `${server.url()}${path}`, {}, async (page) => {
          assertEquals(await page.locator("script, img").count(), 0);
          assertEquals(await page.title(), `Exported list – ${HOSTILE[0]}`);
          const shown = HOSTILE.map((text) => text.toWellFormed().replaceAll("\0", "\uFFFD"));
          assertEquals(await page.getByRole("rowheader").allTextContents(), shown);
          assertEquals(
            await page.getByRole("listitem").locator("bdi").allTextContents(),
            shown,
          );
        })
      );
    });
  },
});
