/** Takes the pictures of the console that README.md and docs show: `deno task screenshots`. */
import { type Browser, type BrowserContextOptions, chromium } from "playwright-core";

/** What is on each picture: the page, or the first link of a list, and how it looks. */
const PICTURES = [
  { file: "console-overview.png", path: "/", scheme: "light" },
  {
    file: "console-delivery.png",
    path: "/deliveries?rule=large+orders",
    isFirst: true,
    scheme: "light",
  },
  {
    file: "console-deliveries-dark.png",
    path: "/deliveries",
    scheme: "dark",
    size: { width: 1180, height: 560 },
  },
] as const;

const SIZE = { width: 1180, height: 680 };
/** A page that is opened by who reads about it is no place for large files. */
const MOST_BYTES = 150_000;
const EXECUTABLE = Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium";

const root = new URL("../", import.meta.url);

/** Starts the demo, and reads the link into its console. */
async function startDemo(): Promise<{ readonly link: string; readonly end: () => Promise<void> }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--no-lock", new URL("main.ts", root).pathname, "demo", "--stay"],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
  }).spawn();
  let shown = "";
  for await (
    const text of child.stdout.pipeThrough(new TextDecoderStream()).values({ preventCancel: true })
  ) {
    shown += text;
    const [link] = /http:\S+link=\S+/.exec(shown) ?? [];
    if (link === undefined) continue;
    return {
      link,
      async end() {
        child.kill("SIGTERM");
        await child.status;
      },
    };
  }
  throw new Error(`The demo gave no link: ${shown}`);
}

async function take(browser: Browser, link: string): Promise<void> {
  const first = await browser.newContext();
  await (await first.newPage()).goto(link);
  const storageState = await first.storageState();
  for (const picture of PICTURES) {
    const options: BrowserContextOptions = {
      ...{
        storageState,
        viewport: "size" in picture ? picture.size : SIZE,
        colorScheme: picture.scheme,
        locale: "en-US",
      },
    };
    const page = await (await browser.newContext(options)).newPage();
    await page.goto(new URL(picture.path, link).href);
    if ("isFirst" in picture) await page.locator("tbody th a").first().click();
    await page.getByRole("heading", { level: 1 }).waitFor();
    const bytes = await page.screenshot({ animations: "disabled" });
    if (bytes.length > MOST_BYTES) {
      throw new RangeError(`${picture.file} has ${bytes.length} bytes`);
    }
    await Deno.writeFile(new URL(`docs/${picture.file}`, root), bytes);
    console.log(`docs/${picture.file}: ${bytes.length} bytes`);
  }
}

const demo = await startDemo();
try {
  const browser = await chromium.launch({
    executablePath: EXECUTABLE,
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"],
  });
  try {
    await take(browser, demo.link);
  } finally {
    await browser.close();
  }
} finally {
  await demo.end();
}
