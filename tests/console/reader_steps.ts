/** Readers of every kind: what each step of a walk sees in a browser. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { countAnswer } from "../lib/console/count_answer.ts";
import { barriersOf, type BrowserWorld } from "./browser_world.ts";

/** Gets to everything without a mouse. */
export async function keyboard({ open }: BrowserWorld): Promise<void> {
  await open("/deliveries", {}, async (page) => {
    await page.keyboard.press("Tab");
    assertEquals(await page.evaluate<string>("document.activeElement.className"), "skip");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    assert(await page.evaluate<boolean>("document.activeElement.closest('main') !== null"));
  });
  await open("/", { viewport: { width: 380, height: 800 } }, async (page) => {
    await page.getByRole("button", { name: "Menu" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Deliveries" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "Deliveries" }).waitFor({ state: "hidden" });
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Deliveries" }).click();
    await page.getByRole("heading", { name: "Deliveries" }).waitFor();
  });
}

/** Reads the pages in each language. */
export async function languages({ open }: BrowserWorld): Promise<void> {
  const headings = {
    "de-DE": "Lieferungen",
    "es-ES": "Entregas",
    "fr-FR": "Livraisons",
    "he-IL": "משלוחים",
  };
  for (const [locale, heading] of Object.entries(headings)) {
    await open("/deliveries", { locale }, async (page) => {
      assertEquals(await page.locator("h1").innerText(), heading);
      assertEquals(await page.locator("html").getAttribute("lang"), locale.slice(0, 2));
    });
  }
  await open("/deliveries", { locale: "he-IL" }, async (page) => {
    assertEquals(await page.locator("html").getAttribute("dir"), "rtl");
    const [side, main] = await Promise.all([
      page.locator(".side").boundingBox(),
      page.locator("main").boundingBox(),
    ]);
    assert((side?.x ?? 0) > (main?.x ?? Infinity));
    assertEquals(await barriersOf(page), []);
  });
}

/** Reads times in another zone than the server's. */
export async function times({ open, journal }: BrowserWorld): Promise<void> {
  const { deliveries: [newest] } = await journal.list({ limit: 1 });
  const at = newest?.receivedAt ?? 0;
  await open("/deliveries", { timezoneId: "Asia/Kolkata" }, async (page) => {
    const time = page.locator("tbody time").first();
    const there = new Intl.DateTimeFormat("en", {
      ...{ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
      timeZone: "Asia/Kolkata",
    }).format(at);
    assertEquals(await time.innerText(), there);
    assertStringIncludes(await time.getAttribute("title") ?? "", new Date(at).toISOString());
    assertEquals(await page.locator("[data-zone]").innerText(), "Asia/Calcutta");
  });
}

/** Reads a chart by keyboard, and as a table. */
export async function charts({ open, context }: BrowserWorld): Promise<void> {
  countAnswer(context.traffic, "/approval", 200, context.now());
  await open("/?span=hour", {}, async (page) => {
    await page.locator(".chart svg").first().focus();
    await page.keyboard.press("ArrowRight");
    assertMatch(await page.locator(".chart output").innerText(), /Answered 1 · Refused 0/);
    await page.getByText("As a table").click();
    assertEquals(await page.locator(".chart tbody tr").count(), 1);
  });
}
