/** A support person at the deliveries: what each step of a walk sees in a browser. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { newDeliveryId } from "../../lib/journal/delivery.ts";
import { bytesOf, refusal } from "../lib/journal/samples.ts";
import { barriersOf, type BrowserWorld, withCutLine } from "./browser_world.ts";

/** Finds an order, reads why, decides it again and makes a test of it. */
export async function findsAnOrder({ open }: BrowserWorld): Promise<void> {
  const permissions = ["clipboard-read", "clipboard-write"];
  await open("/deliveries", { role: "operator", permissions }, async (page) => {
    await page.getByLabel("Order number").fill("28604");
    await page.getByRole("button", { name: "Search" }).click();
    await page.waitForURL("**/deliveries?order=28604");
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

/** Watches the list grow, and pauses it. */
export async function tail({ open, order }: BrowserWorld): Promise<void> {
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

/** Loses the connection, and gets it back. */
export function networkCut(world: BrowserWorld): Promise<void> {
  return withCutLine(world, "/deliveries", async (page) => {
    await page.unroute("**/api/v1/live");
    await page.getByText("The connection is lost").waitFor({ state: "hidden" });
  });
}

/** Has a line that is cut and nobody is told, as when a cable is pulled; then it is back. */
export async function silentLine({ open, order }: BrowserWorld): Promise<void> {
  await open("/deliveries", {}, async (page) => {
    // So long a silence that a line is dead is over in a second.
    await page.addInitScript(`{
      const begin = setTimeout;
      globalThis.setTimeout = (run, ms, ...rest) => begin(run, ms > 40_000 ? 1000 : ms, ...rest);
    }`);
    const connected = page.waitForResponse("**/api/v1/live");
    await page.reload();
    await connected;
    const cut = page.getByText("The connection is lost");
    // Whoever asks anew is not answered: the line is as silent as the one before.
    let release = () => {};
    const answered = new Promise<void>((resolve) => release = resolve);
    await page.route("**/api/v1/live", async (route) => {
      await answered;
      await route.continue().catch(() => undefined);
    });
    await cut.waitFor();
    await order("32002", "20.00");
    release();
    await cut.waitFor({ state: "hidden" });
    // What came meanwhile is there, though no news tell of it.
    await page.getByRole("row", { name: "32002" }).waitFor();
  });
}

/** Looks at a refused delivery, of which it takes a while to find out what is wrong. */
export async function finding({ open, journal }: BrowserWorld): Promise<void> {
  const id = newDeliveryId();
  await journal.record(refusal({
    ...{ id, endpoint: "/approval", body: bytesOf(`{"a":"${"x".repeat(50_000)}"}`) },
    headers: [["x-signature", `${"A".repeat(86)}==`]],
  }));
  await open(`/deliveries/${id}`, { role: "operator" }, async (page) => {
    await page.getByText("was not made with the endpoint's key").waitFor();
    assertEquals(new URL(page.url()).pathname, `/deliveries/${id}`);
    assertEquals(await barriersOf(page), []);
  });
}

/** Looks as a viewer, from whom people are hidden. */
export async function viewer({ open }: BrowserWorld): Promise<void> {
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
