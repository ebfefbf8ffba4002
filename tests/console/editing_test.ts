import { assertEquals, assertStringIncludes } from "@std/assert";
import { HAS_CHROMIUM } from "../e2e/exports/chromium.ts";
import { WRITTEN_CONFIG } from "../lib/console/written_config.ts";
import { barriersOf, type BrowserWorld, withBrowserWorld } from "./browser_world.ts";
import { EDITOR_PATH as PATH, leaves, signedOut, write } from "./editor_steps.ts";

const OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

Deno.test({
  name: "rules, versions and keys are changed in a browser",
  ignore: !HAS_CHROMIUM,
  async fn(test) {
    await withBrowserWorld(async (world) => {
      await world.order("28603", "120.40");
      await test.step("a mistake stands under its word, and fields are completed", () =>
        mistakes(world));
      await test.step("a change is tried, saved, and decides from then on", () => saves(world));
      await test.step("of two admins at once the second is told, and loses nothing", () =>
        twoAdmins(world));
      await test.step("who is signed out meanwhile is told, and loses nothing", () =>
        signedOut(world));
      await test.step("who leaves what is not saved is asked", () => leaves(world));
      await test.step("a version is compared and gone back to", () => goesBack(world));
      await test.step("without scripts it is checked, tried and saved all the same", () =>
        withoutScripts(world));
      await test.step("a key is made, shown once, and waits for the store", () => rotates(world));
      await test.step("an operator is offered none of it", () => operator(world));
    }, { config: WRITTEN_CONFIG });
  },
});

const textOf = ({ context }: BrowserWorld) => Deno.readTextFile(context.served().file);
const firstRule = ({ context }: BrowserWorld) => context.served().endpoints[0]?.rules[0]?.when;

async function mistakes(world: BrowserWorld): Promise<void> {
  await world.open("/rules/approval", {}, async (page) => {
    await page.getByRole("link", { name: "Edit", exact: true }).click();
    await page.waitForURL(`${world.url}${PATH}`);
    assertEquals(await page.locator("textarea").isVisible(), false);
    await write(page, '[{ "name": "a", "when": "order.totl > 1.0", "then": { "group": 7 } }]');
    const wrong = page.locator(".cm-lintRange-error");
    await wrong.waitFor();
    assertEquals(await wrong.innerText(), "totl");
    assertStringIncludes(await page.locator("[data-mistake]").innerText(), 'Unknown field "totl"');
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      assertEquals(await barriersOf(page), []);
    }
    await page.setViewportSize({ width: 380, height: 800 });
    assertEquals(await page.evaluate<number>(OVERFLOW), 0);
    await page.setViewportSize({ width: 1280, height: 800 });

    await write(page, '[{ "name": "a", "when": "order.user.');
    await page.keyboard.press("Control+Space");
    const fields = page.locator(".cm-tooltip-autocomplete");
    await fields.getByText("email", { exact: true }).waitFor();
    assertEquals(await fields.getByText("total", { exact: true }).count(), 0);
  });
}

async function saves(world: BrowserWorld): Promise<void> {
  const { deliveries: [delivery] } = await world.journal.list({ limit: 1 });
  await world.open(`/deliveries/${delivery?.id}`, {}, async (page) => {
    await page.getByRole("link", { name: "Try other rules on it" }).click();
    await page.locator(".cm-content").waitFor();
    const text = await page.locator("textarea").inputValue();
    const beside = page.locator("[data-part=beside]");
    // The page is there before it is known.
    await beside.getByText("the same, by the same rule").waitFor();
    await write(page, text.replace("500.0", "100.0"));
    // The delivery beside it is decided as somebody types.
    await beside.getByText("Group 10065 must approve order 28603").waitFor();
    const save = page.getByRole("button", { name: "Save" });
    assertEquals(await save.count(), 0);
    await page.getByRole("button", { name: "Try on recorded orders" }).click();
    await save.waitFor();
    const tried = await page.locator("[data-part=tried]").innerText();
    assertStringIncludes(tried, "1 of 1 recorded orders would get another answer");
    assertStringIncludes(tried, "120.40 USD");
    assertEquals(await barriersOf(page), []);
    // What was tried was this text: another one has to be tried first.
    await write(page, text.replace("500.0", "110.0"));
    await save.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Try on recorded orders" }).click();
    await save.click();
    await page.getByText("The server decides by these rules now").waitFor();
    assertEquals(firstRule(world), "order.total > 110.0");
    assertEquals(await textOf(world), WRITTEN_CONFIG.replace("500.0", "110.0"));
    assertEquals(await barriersOf(page), []);
  });
}

async function twoAdmins(world: BrowserWorld): Promise<void> {
  await world.open(PATH, {}, async (first) => {
    const text = await first.locator("textarea").inputValue();
    await write(first, text.replace("110.0", "200.0"));
    await first.getByRole("button", { name: "Try on recorded orders" }).click();
    const save = first.getByRole("button", { name: "Save" });
    await save.waitFor();
    await world.open(PATH, {}, async (second) => {
      await write(second, text.replace("110.0", "300.0"));
      await second.getByRole("button", { name: "Try on recorded orders" }).click();
      await second.getByRole("button", { name: "Save" }).click();
      await second.getByText("The server decides by these rules now").waitFor();
    });
    await save.click();
    await first.getByText("was changed meanwhile").waitFor();
    assertEquals(firstRule(world), "order.total > 300.0");
    // The own text is there still, beside that of the other.
    assertStringIncludes(await first.locator("textarea").inputValue(), "200.0");
    assertStringIncludes(await first.locator(".diff del").innerText(), "300.0");
    assertEquals(await barriersOf(first), []);
    await first.getByRole("button", { name: "Try on recorded orders" }).click();
    await save.click();
    await first.getByText("The server decides by these rules now").waitFor();
    assertEquals(firstRule(world), "order.total > 200.0");
  });
}

async function goesBack(world: BrowserWorld): Promise<void> {
  await world.open("/config", {}, async (page) => {
    await page.getByRole("link", { name: "Versions of the config" }).click();
    await page.waitForURL("**/config/versions");
    assertEquals(await page.locator("tbody tr").count(), 3);
    await page.locator("tbody tr").last().getByRole("link").click();
    await page.waitForURL("**/config/versions/*");
    assertStringIncludes(await page.locator(".diff del").innerText(), "500.0");
    assertStringIncludes(await page.locator(".diff ins").innerText(), "200.0");
    assertEquals(await barriersOf(page), []);
    await page.setViewportSize({ width: 380, height: 800 });
    await page.emulateMedia({ colorScheme: "dark" });
    assertEquals(await page.evaluate<number>(OVERFLOW), 0);
    assertEquals(await barriersOf(page, ["color-contrast"]), []);
    await page.getByRole("button", { name: "Go back to this version" }).click();
    await page.getByText("stands in the config file again, and is in use").waitFor();
    assertEquals(await textOf(world), WRITTEN_CONFIG);
  });
}

async function withoutScripts(world: BrowserWorld): Promise<void> {
  await world.open(PATH, { javaScriptEnabled: false }, async (page) => {
    const area = page.locator("textarea");
    const text = await area.inputValue();
    await area.fill(text.replace("order.total", "order.totl"));
    await page.getByRole("button", { name: "Check" }).click();
    await page.getByText('Unknown field "totl"').waitFor();
    assertStringIncludes(await area.inputValue(), "order.totl");
    await area.fill(text.replace("500.0", "400.0"));
    await page.getByRole("button", { name: "Try on recorded orders" }).click();
    await page.getByRole("button", { name: "Save" }).waitFor();
    // What is typed after the trial is another text, and is not saved.
    await area.fill(text.replace("500.0", "1.0"));
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("was not tried on recorded deliveries").waitFor();
    assertEquals(await textOf(world), WRITTEN_CONFIG);
    await area.fill(text.replace("500.0", "400.0"));
    await page.getByRole("button", { name: "Try on recorded orders" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The server decides by these rules now").waitFor();
    assertEquals(firstRule(world), "order.total > 400.0");
  });
}

async function rotates(world: BrowserWorld): Promise<void> {
  await world.open("/keys", {}, async (page) => {
    await page.getByRole("link", { name: "Rotate", exact: true }).click();
    await page.getByRole("button", { name: "Make a new key" }).click();
    const key = await page.locator("#key").innerText();
    assertEquals(key.length, 43);
    assertStringIncludes(await textOf(world), key);
    await page.getByRole("button", { name: "Copy" }).waitFor();
    assertEquals(await page.getByRole("button", { name: "Take the old key out" }).count(), 0);
    assertEquals(await barriersOf(page), []);
    await page.setViewportSize({ width: 380, height: 800 });
    await page.emulateMedia({ colorScheme: "dark" });
    assertEquals(await page.evaluate<number>(OVERFLOW), 0);
    assertEquals(await barriersOf(page, ["color-contrast"]), []);
    // The page says by itself that the store has signed with it, and the key stays to be read.
    const [fingerprint = ""] = world.context.served().endpoints[0]?.auth.keyFingerprints ?? [""];
    await world.order("28604", "10.00", { verifiedBy: `key ${fingerprint}` });
    await page.getByRole("button", { name: "Take the old key out" }).waitFor();
    assertEquals(await page.locator("#key").innerText(), key);
    await page.getByRole("button", { name: "Take the old key out" }).click();
    await page.getByText("One key is in use").waitFor();
    assertEquals(world.context.served().endpoints[0]?.auth.keyFingerprints, [fingerprint]);
    assertEquals(await page.locator("#key").count(), 0);
  });
}

async function operator(world: BrowserWorld): Promise<void> {
  await world.open("/rules/approval", { role: "operator" }, async (page) => {
    assertEquals(await page.getByRole("link", { name: "Edit", exact: true }).count(), 0);
    await page.goto(`${world.url}/config`);
    assertEquals(await page.getByRole("link", { name: "Versions of the config" }).count(), 0);
    await page.goto(`${world.url}/keys`);
    assertEquals(await page.getByRole("link", { name: "Rotate", exact: true }).count(), 0);
  });
}
