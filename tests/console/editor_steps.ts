/** The editor of rules in a browser: how it is written in, and what is there when the session ends. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import { barriersOf, type BrowserWorld, endSession } from "./browser_world.ts";

/** The rules that are edited. */
export const EDITOR_PATH = "/rules-edit/approval";

/** Writes another text in the place of all that stands in the editor. */
export async function write(page: Page, text: string): Promise<void> {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+A");
  // As if it were pasted: brackets are not closed by themselves.
  await page.keyboard.insertText(text);
}

/** Is signed out while rules are written. */
export async function signedOut(world: BrowserWorld): Promise<void> {
  await world.open(EDITOR_PATH, { noticesErrors: false }, async (page) => {
    const text = await page.locator("textarea").inputValue();
    const judged = page.locator("[data-part=judged]");
    await judged.getByText("No mistakes").waitFor();
    await endSession(world, page);
    await write(page, text.replace("200.0", "205.0"));
    await judged.getByText("This text is not checked").waitFor();
    assertEquals(await judged.getByText("No mistakes").count(), 0);
    await page.getByRole("button", { name: "Try on recorded orders" }).click();
    await page.getByRole("heading", { name: "You are signed out" }).waitFor();
    assertEquals(await barriersOf(page), []);
    const again = page.getByRole("button", { name: "Send it again" });
    // Signed in as the same or not: until then nothing is done.
    const [refused] = await Promise.all([
      page.waitForResponse((response) => response.request().isNavigationRequest()),
      page.waitForEvent("load"),
      again.click(),
    ]);
    assertEquals(refused.status(), 401);
    const [name = "", value = ""] = (await world.signIn("the admin")).split("=");
    await page.context().addCookies([{ name, value, url: world.url }]);
    await again.click();
    await page.getByText("recorded orders would get another answer").waitFor();
    assertStringIncludes(await page.locator("textarea").inputValue(), "205.0");
  });
}

/** Goes elsewhere with rules that are not saved. */
export async function leaves(world: BrowserWorld): Promise<void> {
  await world.open(EDITOR_PATH, {}, async (page) => {
    const text = await page.locator("textarea").inputValue();
    await write(page, text.replace("200.0", "206.0"));
    const away = page.getByRole("link", { name: "Deliveries", exact: true });
    const [asked] = await Promise.all([
      page.waitForEvent("dialog").then(async (dialog) => {
        await dialog.dismiss();
        return dialog.type();
      }),
      away.click(),
    ]);
    assertEquals(asked, "beforeunload");
    assertStringIncludes(await page.locator("textarea").inputValue(), "206.0");
    page.once("dialog", (dialog) => void dialog.accept());
    await away.click();
    await page.waitForURL("**/deliveries");
  });
}
