/** Pages that hear of news: what happens to their line to the server. */
import { assertEquals } from "@std/assert";
import { type BrowserWorld, endSession, withCutLine } from "./browser_world.ts";

/** Opens more pages than a browser has lines to a server, of which one is seen at a time. */
export async function manyPages({ open, order, url }: BrowserWorld): Promise<void> {
  await open("/deliveries", {}, async (first) => {
    const context = first.context();
    // What a browser says of a page in the background, a headless one does not.
    await context.addInitScript(`{
      let isAway = false;
      Object.defineProperty(document, "hidden", { get: () => isAway });
      globalThis.turnAway = (is) => {
        isAway = is;
        document.dispatchEvent(new Event("visibilitychange"));
      };
    }`);
    const pages = [first];
    for (let count = 0; count < 8; count++) {
      const page = count === 0 ? first : await context.newPage();
      if (count > 0) pages.push(page);
      const heard = page.waitForResponse("**/api/v1/live");
      await Promise.all([heard, page.goto(`${url}/deliveries`)]);
      await page.evaluate("turnAway(true)");
    }
    await order("33001", "20.00");
    await first.evaluate("turnAway(false)");
    await first.getByRole("row", { name: "33001" }).waitFor();
    // Nobody saw the others: they are as they were.
    assertEquals(await pages.at(-1)?.getByRole("row", { name: "33001" }).count(), 0);
    await pages.at(-1)?.evaluate("turnAway(false)");
    await pages.at(-1)?.getByRole("row", { name: "33001" }).waitFor();
  });
}

/** Is signed out while the line is cut: the page leads to where one signs in. */
export function signedOutMeanwhile(world: BrowserWorld): Promise<void> {
  return withCutLine(world, "/deliveries?status=2xx", async (page) => {
    await endSession(world, page);
    await page.unroute("**/api/v1/live");
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    assertEquals(new URL(page.url()).searchParams.get("to"), "/deliveries?status=2xx");
  });
}
