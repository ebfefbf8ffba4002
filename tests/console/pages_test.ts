/** All pages of the console in one browser, and a walk of those who use them. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ASSETS } from "../../lib/console/assets.generated.ts";
import { HAS_CHROMIUM } from "../e2e/exports/chromium.ts";
import {
  barriersOf,
  type BrowserWorld,
  HOSTILE_TEXTS,
  recordTroubles,
  withBrowserWorld,
} from "./browser_world.ts";
import { finding, findsAnOrder, networkCut, silentLine, tail, viewer } from "./deliveries_steps.ts";
import { destinations, doctor, forwards, signsInAndOut } from "./operator_steps.ts";
import { manyPages, signedOutMeanwhile } from "./line_steps.ts";
import { charts, keyboard, languages, times } from "./reader_steps.ts";

if (!HAS_CHROMIUM) console.log("The console is not opened in a browser: there is no chromium");

const OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
/** What is wider than where it stands, though nobody can move it into sight. */
const CUT = `[...document.querySelectorAll(".card, .notice, main")]
  .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
  .map(({ className, innerText }) => className + ": " + innerText.slice(0, 60))`;
/** Words that say what is written into a field, and do not stand there as a whole. */
const CUT_WORDS = `[...document.querySelectorAll("input[placeholder]")]
  .filter(({ scrollWidth, clientWidth, value }) => value === "" && scrollWidth > clientWidth)
  .map(({ placeholder }) => placeholder)`;
/** What stands in a card letter below letter, though there is a line for it. */
const TORN = `[...document.querySelectorAll("table.cards td")]
  .filter(({ offsetHeight, offsetWidth }) => offsetHeight > 40 && offsetWidth < 80)
  .map(({ innerText }) => innerText)`;
/** What a page may weigh on the wire, with all that it loads. */
const MOST_BYTES = 60_000;
const MOST_BYTES_OF_EDITOR = 200_000;

async function pathsOf({ journal, order }: BrowserWorld): Promise<readonly string[]> {
  const id = await order("28604", "612.40");
  const { deliveries } = await journal.list({ status: [401, 401], limit: 1 });
  const { events } = await journal.events.list({ limit: 1 });
  const { forwards } = await journal.outbox.list({ limit: 1 });
  return [
    "/",
    "/?span=month",
    "/deliveries",
    `/deliveries/${id}`,
    `/deliveries/${deliveries[0]?.id}`,
    "/events",
    `/events/${events[0]?.id}`,
    "/forwards",
    `/forwards/${forwards[0]?.id}`,
    "/destinations",
    "/services",
    "/rules/approval",
    "/rules-edit/approval",
    "/config",
    "/config/versions",
    "/keys",
    "/keys/rotation/approval",
    "/doctor",
    "/audit",
    "/docs",
    "/docs?q=signature",
    "/docs/errors",
  ];
}

Deno.test({
  name: "the console in a browser",
  ignore: !HAS_CHROMIUM,
  async fn(test) {
    await withBrowserWorld(async (world) => {
      await recordTroubles(world);
      const paths = await pathsOf(world);
      await test.step("no page keeps anybody out, light or dark, wide or narrow", () =>
        barriers(world, paths));
      await test.step("every page weighs little", () => weights(world, paths));
      await test.step("every page is there without scripts", () => withoutScripts(world, paths));
      await test.step("hostile text is text", () => hostile(world));
      await test.step("somebody signs in and out", () => signsInAndOut(world));
      await test.step("a support person finds an order and why", () => findsAnOrder(world));
      await test.step("the list grows as deliveries come, and can be paused", () => tail(world));
      await test.step("a page says that the line is cut, and goes on by itself", () =>
        networkCut(world));
      await test.step("a page finds out by itself that the line is silent, and what came meanwhile", () =>
        silentLine(world));
      await test.step("more pages are open than a browser has lines", () => manyPages(world));
      await test.step("who is signed out while the line is cut is led to where one signs in", () =>
        signedOutMeanwhile(world));
      await test.step("what takes long to find out comes into the page by itself", () =>
        finding(world));
      await test.step("forwards are counted first, then changed", () => forwards(world));
      await test.step("a destination is paused and resumed", () => destinations(world));
      await test.step("the doctor says why", () => doctor(world));
      await test.step("everything is reached by the keyboard", () => keyboard(world));
      await test.step("a viewer sees nothing of people, and can do nothing", () => viewer(world));
      await test.step("it speaks five languages, one from the right", () => languages(world));
      await test.step("times are those of the reader", () => times(world));
      await test.step("a chart says what it counts", () => charts(world));
    });
  },
});

async function barriers(world: BrowserWorld, paths: readonly string[]): Promise<void> {
  await world.open("/", {}, async (page) => {
    for (const path of paths) {
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto(`${world.url}${path}`);
      assertEquals(await page.evaluate<number>(OVERFLOW), 0, path);
      assertEquals(await page.evaluate<readonly string[]>(CUT), [], path);
      assertEquals(await page.evaluate<readonly string[]>(CUT_WORDS), [], path);
      assertEquals(await page.locator("h1").count(), 1, path);
      assertEquals(await barriersOf(page), [], path);
      // On a tablet beside all pages.
      await page.setViewportSize({ width: 800, height: 900 });
      assertEquals(await page.evaluate<number>(OVERFLOW), 0, path);
      assertEquals(await page.evaluate<readonly string[]>(CUT), [], path);
      // The same page on a phone at night.
      await page.setViewportSize({ width: 380, height: 800 });
      await page.emulateMedia({ colorScheme: "dark" });
      assertEquals(await page.evaluate<number>(OVERFLOW), 0, path);
      assertEquals(await page.evaluate<readonly string[]>(CUT), [], path);
      assertEquals(await page.evaluate<readonly string[]>(TORN), [], path);
      assertEquals(await barriersOf(page, ["color-contrast"]), [], path);
    }
  });
}

async function weights(world: BrowserWorld, paths: readonly string[]): Promise<void> {
  const cookie = await world.signIn("the admin");
  const { editor, ...everywhere } = ASSETS;
  const loaded = await Promise.all(Object.values(everywhere).map(({ text }) => zipped(text)));
  const common = loaded.reduce((sum, bytes) => sum + bytes, 0);
  for (const path of paths) {
    const response = await fetch(`${world.url}${path}`, { headers: { cookie } });
    const bytes = common + await zipped(await response.text());
    assert(bytes <= MOST_BYTES, `${path} weighs ${bytes} bytes`);
  }
  const page = await fetch(`${world.url}/rules-edit/approval`, { headers: { cookie } });
  const bytes = common + await zipped(editor.text) + await zipped(await page.text());
  assert(page.ok && bytes <= MOST_BYTES_OF_EDITOR, `the editor weighs ${bytes} bytes`);
}

async function zipped(text: string): Promise<number> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).bytes()).length;
}

async function withoutScripts(world: BrowserWorld, paths: readonly string[]): Promise<void> {
  await world.open("/", { javaScriptEnabled: false }, async (page) => {
    for (const path of paths) {
      await page.goto(`${world.url}${path}`);
      assertEquals(await page.locator("h1").count(), 1, path);
      // What only a script can do is not offered.
      assertEquals(await page.locator("[data-pause]:visible, [data-copy]:visible").count(), 0);
      assertEquals(await page.locator("img, script:not([src]), a[href^='javascript']").count(), 0);
    }
    await page.goto(`${world.url}/deliveries`);
    assertMatch(await page.locator("[data-zone]").innerText(), /\w/);
    assert(await page.locator("tbody tr").count() > 3);
  });
}

async function hostile({ open }: BrowserWorld): Promise<void> {
  await open("/deliveries", {}, async (page) => {
    const shown = await page.locator("tbody").innerText();
    assertStringIncludes(shown, HOSTILE_TEXTS[0].slice(0, 20));
    assertStringIncludes(shown, "<U+202E>gpj.exe");
  });
}
