import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import { ASSETS } from "../../lib/console/assets.generated.ts";
import { HAS_CHROMIUM } from "../e2e/exports/chromium.ts";
import { PASSWORD } from "../lib/console/console_world.ts";
import { countAnswer } from "../lib/console/count_answer.ts";
import {
  barriersOf,
  type BrowserWorld,
  HOSTILE_TEXTS,
  PATIENCE_MS,
  recordTroubles,
  withBrowserWorld,
} from "./browser_world.ts";

if (!HAS_CHROMIUM) console.log("The console is not opened in a browser: there is no chromium");

const OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
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
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto(`${world.url}${path}`);
      assertEquals(await page.locator("h1").count(), 1, path);
      assertEquals(await barriersOf(page), [], path);
      // The same page on a phone at night.
      await page.setViewportSize({ width: 380, height: 800 });
      await page.emulateMedia({ colorScheme: "dark" });
      assertEquals(await page.evaluate<number>(OVERFLOW), 0, path);
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

async function signsInAndOut({ browser, url }: BrowserWorld): Promise<void> {
  const context = await browser.newContext({ locale: "en-US" });
  context.setDefaultTimeout(PATIENCE_MS);
  try {
    const page = await context.newPage();
    await page.goto(`${url}/deliveries?status=2xx`);
    assertEquals(await page.locator("h1").innerText(), "Sign in");
    assertEquals(await barriersOf(page), []);
    await signIn(page, "wrong");
    await page.getByRole("alert").waitFor();
    assertStringIncludes(await page.getByRole("alert").innerText(), "The name or the password");
    await signIn(page, PASSWORD);
    await page.getByRole("heading", { name: "Deliveries" }).waitFor();
    assertEquals(new URL(page.url()).search, "?status=2xx");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.goto(`${url}/deliveries`);
    assertEquals(await page.locator("h1").innerText(), "Sign in");
  } finally {
    await context.close();
  }
}

async function signIn(page: Page, password: string): Promise<void> {
  await page.getByLabel("Name").fill("the operator");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

async function findsAnOrder({ open }: BrowserWorld): Promise<void> {
  const permissions = ["clipboard-read", "clipboard-write"];
  await open("/deliveries", { role: "operator", permissions }, async (page) => {
    await page.getByLabel("Order number").fill("28604");
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByRole("row", { name: "28604" }).getByRole("link").waitFor();
    assertEquals(new URL(page.url()).search, "?order=28604");
    await page.getByRole("row", { name: "28604" }).getByRole("link").click();
    const heading = page.getByRole("heading", { level: 1 });
    await page.getByText("says the rule").waitFor();
    assertEquals(await heading.innerText(), "Group 10065 must approve order 28604");
    assertEquals(
      await page.locator("p.lead").first().innerText(),
      "Total 612.40 USD is over 500, says the rule large orders.",
    );
    await page.getByRole("button", { name: "Copy as curl" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    const copied = await page.evaluate<string>("navigator.clipboard.readText()");
    assertStringIncludes(copied, "curl -X POST 'https://hooks.example/approval'");
    await page.getByRole("button", { name: "Decide again" }).click();
    await page.getByRole("heading", { name: "Today’s rules give the same answer." }).waitFor();
    await page.locator(".crumb a").last().click();
    await page.getByRole("button", { name: "Pin as a test" }).click();
    await page.getByRole("heading", { name: "This delivery as a test" }).waitFor();
    const pinned = await page.locator("#test").innerText();
    assertStringIncludes(pinned, '"endpoint": "/approval"');
    assertEquals(pinned.includes("office-7"), false);
    assertEquals(await barriersOf(page), []);
  });
}

async function tail({ open, order }: BrowserWorld): Promise<void> {
  await open("/deliveries", {}, async (page) => {
    await page.getByRole("row", { name: "28604" }).waitFor();
    await order("31001", "20.00");
    await page.getByRole("row", { name: "31001" }).waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    await order("31002", "20.00");
    await page.getByRole("button", { name: /Go on \(\d+\)/ }).waitFor();
    assertEquals(await page.getByRole("row", { name: "31002" }).count(), 0);
    await page.getByRole("button", { name: /Go on/ }).click();
    await page.getByRole("row", { name: "31002" }).waitFor();
  });
}

async function networkCut(world: BrowserWorld): Promise<void> {
  const context = await world.browser.newContext({ locale: "en-US" });
  context.setDefaultTimeout(PATIENCE_MS);
  try {
    const [name = "", value = ""] = (await world.signIn("the operator")).split("=");
    await context.addCookies([{ name, value, url: world.url }]);
    const page = await context.newPage();
    await page.route("**/api/v1/live", (route) => route.abort());
    await page.goto(`${world.url}/deliveries`);
    await page.getByText("The connection is lost").waitFor();
    await page.unroute("**/api/v1/live");
    await page.getByText("The connection is lost").waitFor({ state: "hidden" });
  } finally {
    await context.close();
  }
}

async function forwards({ open, journal }: BrowserWorld): Promise<void> {
  await open("/forwards?state=waiting&destination=erp", {}, async (page) => {
    await page.getByText("With all of these:").waitFor();
    await page.locator(".head").getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("heading", { name: "Cancel 3 forwards?" }).waitFor();
    assertEquals(await barriersOf(page), []);
    await page.getByRole("link", { name: "Not now" }).click();
    await page.getByText("With all of these:").waitFor();
    assertEquals((await journal.outbox.countsByState()).cancelled, 0);
    await page.locator(".head").getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Cancel 3" }).click();
    await page.getByRole("status").waitFor();
    assertEquals(await page.getByRole("status").innerText(), "3 forwards were cancelled.");
    assertEquals((await journal.outbox.countsByState()).cancelled, 3);
  });
  // One is done at once, and without scripts, too.
  await open("/forwards?state=cancelled", { javaScriptEnabled: false }, async (page) => {
    await page.getByRole("button", { name: "Retry" }).first().click();
    assertEquals(await page.getByRole("status").innerText(), "1 forward is due now.");
  });
}

async function destinations({ open, journal }: BrowserWorld): Promise<void> {
  await open("/destinations", {}, async (page) => {
    await page.getByRole("button", { name: "Pause for an hour" }).click();
    await page.getByRole("status").waitFor();
    assertStringIncludes(await page.getByRole("status").innerText(), "erp is paused until");
    assertEquals((await journal.outbox.paused()).has("erp"), true);
    await page.getByRole("button", { name: "Resume" }).click();
    await page.getByRole("button", { name: "Pause for an hour" }).waitFor();
    assertEquals((await journal.outbox.paused()).has("erp"), false);
  });
}

async function doctor({ open }: BrowserWorld): Promise<void> {
  await open("/doctor", {}, async (page) => {
    await page.getByLabel("Body").first().fill("{}");
    await page.getByLabel("Signature").fill("bm9uc2Vuc2U=");
    await page.getByRole("button", { name: "Examine" }).click();
    await page.getByRole("heading", { name: "The signature is not right" }).waitFor();
    assertEquals(await barriersOf(page), []);
  });
}

async function keyboard({ open }: BrowserWorld): Promise<void> {
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

async function viewer({ open }: BrowserWorld): Promise<void> {
  await open("/deliveries", { role: "viewer" }, async (page) => {
    const row = page.getByRole("row", { name: "28604" });
    await row.waitFor();
    assertEquals((await page.locator("body").innerText()).includes("office-7"), false);
    assertEquals(await page.getByLabel("Shopper").count(), 0);
    await row.getByRole("link").click();
    await page.getByRole("heading", { name: "What came" }).waitFor();
    const shown = await page.locator("body").innerText();
    assertEquals(shown.includes("office-7"), false);
    assertEquals(await page.getByRole("button", { name: "Decide again" }).count(), 0);
    assertEquals(await page.getByRole("link", { name: "Download" }).count(), 0);
  });
}

async function languages({ open }: BrowserWorld): Promise<void> {
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

async function times({ open, journal }: BrowserWorld): Promise<void> {
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

async function charts({ open, context }: BrowserWorld): Promise<void> {
  countAnswer(context.traffic, "/approval", 200, context.now());
  await open("/?span=hour", {}, async (page) => {
    await page.locator(".chart svg").first().focus();
    await page.keyboard.press("ArrowRight");
    assertMatch(await page.locator(".chart output").innerText(), /Answered 1 · Refused 0/);
    await page.getByText("As a table").click();
    assertEquals(await page.locator(".chart tbody tr").count(), 1);
  });
} /** What stands in a card letter below letter, though there is a line for it. */
const TORN = `[...document.querySelectorAll("table.cards td")]
  .filter(({ offsetHeight, offsetWidth }) => offsetHeight > 40 && offsetWidth < 80)
  .map(({ innerText }) => innerText)`;
