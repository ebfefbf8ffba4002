/** An operator signs in and acts: what each step of a walk sees in a browser. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import { PASSWORD } from "../lib/console/console_world.ts";
import { DEADLINE_MS } from "../e2e/waits.ts";
import { barriersOf, type BrowserWorld } from "./browser_world.ts";

/** Signs in with a wrong and the right password, and out. */
export async function signsInAndOut({ browser, url }: BrowserWorld): Promise<void> {
  const context = await browser.newContext({ locale: "en-US" });
  context.setDefaultTimeout(DEADLINE_MS);
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

/** Cancels forwards after they were counted, and has one tried again. */
export async function forwards({ open, journal }: BrowserWorld): Promise<void> {
  const { waiting: count } = await journal.outbox.countsByState();
  await open("/forwards?state=waiting&destination=erp", {}, async (page) => {
    await page.getByText("With all of these:").waitFor();
    await page.locator(".head").getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("heading", { name: `Cancel ${count} forwards?` }).waitFor();
    assertEquals(await barriersOf(page), []);
    await page.getByRole("link", { name: "Not now" }).click();
    await page.getByText("With all of these:").waitFor();
    assertEquals((await journal.outbox.countsByState()).cancelled, 0);
    await page.locator(".head").getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: `Cancel ${count}` }).click();
    await page.getByRole("status").waitFor();
    assertEquals(await page.getByRole("status").innerText(), `${count} forwards were cancelled.`);
    assertEquals((await journal.outbox.countsByState()).cancelled, count);
  });
  // One is done at once, and without scripts, too.
  await open("/forwards?state=cancelled", { javaScriptEnabled: false }, async (page) => {
    await page.getByRole("button", { name: "Retry" }).first().click();
    assertEquals(await page.getByRole("status").innerText(), "1 forward is due now.");
  });
}

/** Pauses a destination and resumes it. */
export async function destinations({ open, journal }: BrowserWorld): Promise<void> {
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

/** Asks the doctor about a signature. */
export async function doctor({ open }: BrowserWorld): Promise<void> {
  await open("/doctor", {}, async (page) => {
    await page.getByLabel("Body").first().fill("{}");
    await page.getByLabel("Signature").fill("bm9uc2Vuc2U=");
    await page.getByRole("button", { name: "Examine" }).click();
    await page.getByRole("heading", { name: "The signature is not right" }).waitFor();
    assertEquals(await barriersOf(page), []);
  });
}
