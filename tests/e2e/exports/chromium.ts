import { type Browser, chromium } from "playwright-core";
import { DEADLINE_MS } from "../waits.ts";

const EXECUTABLE = "/usr/bin/chromium";
const ARGUMENTS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Whether there is a browser to test with. */
export const HAS_CHROMIUM = isFile(EXECUTABLE);

/** Runs with a browser. */
export async function withChromium(run: (browser: Browser) => Promise<void>): Promise<void> {
  const browser = await chromium.launch({
    ...{ executablePath: EXECUTABLE, args: ARGUMENTS },
    timeout: DEADLINE_MS,
  });
  try {
    await run(browser);
  } finally {
    await browser.close();
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
