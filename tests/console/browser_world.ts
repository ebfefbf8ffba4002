import axe from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { handlers } from "../../handlers/mod.ts";
import { newDeliveryId } from "../../lib/journal/delivery.ts";
import { withChromium } from "../e2e/exports/chromium.ts";
import { serveHttp } from "../e2e/http_server.ts";
import { DEADLINE_MS } from "../e2e/waits.ts";
import { bytesOf, delivery, event } from "../lib/journal/samples.ts";
import { type ConsoleWorld, withConsole } from "../lib/console/console_world.ts";

/** A console that a browser can reach, with something in it. */
export interface BrowserWorld extends ConsoleWorld {
  readonly browser: Browser;
  /** Where it is, e.g. `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Opens a page in a context of its own, signed in, and wants no complaint of the browser. */
  open(
    path: string,
    options: BrowserContextOptions & {
      readonly role?: "viewer" | "operator" | "admin";
      /** Whether answers that are errors are complaints; they are unless `false`. */
      readonly noticesErrors?: boolean;
    },
    look: (page: Page) => Promise<void>,
  ): Promise<void>;
  /** Records an approved order, and gives the id of its delivery. */
  order(number: string, total: string, parts?: object): Promise<string>;
}

/** Text that would do harm where it is not taken for text. */
export const HOSTILE_TEXTS = [
  `"><img src=x onerror="alert(1)"><script>alert(2)</script>`,
  "javascript:alert(3)",
  "\u202egpj.exe",
  "LongWordWithoutAnySpace".repeat(12),
] as const;

/** What keeps people from using a page, as axe sees it: the rule, and where. */
export async function barriersOf(
  page: Page,
  rules?: readonly string[],
): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const options = rules === undefined ? "" : `, { runOnly: ${JSON.stringify(rules)} }`;
  const { violations } = await page.evaluate<Pick<axe.AxeResults, "violations">>(
    `axe.run(document${options})`,
  );
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** Runs with a console, a browser, and a few things that happened. */
export async function withBrowserWorld(
  run: (world: BrowserWorld) => Promise<void>,
  options: Parameters<typeof withConsole>[1] = {},
): Promise<void> {
  await withConsole(async (world) => {
    await using server = serveHttp((request, { remoteAddr }) =>
      world.console.answer(request, { remoteAddress: remoteAddr.hostname })
    );
    const { url } = server;
    const order = (number: string, total: string, parts: object = {}) =>
      recordOrder(world, number, total, parts);
    await withChromium(async (browser) => {
      await run({
        ...world,
        browser,
        url,
        order,
        open: (path, options, look) => open(world, { browser, url }, path, options, look),
      });
    });
    // Streams would keep it from ending.
    world.console.stop();
  }, options);
}

async function open(
  world: ConsoleWorld,
  { browser, url }: { readonly browser: Browser; readonly url: string },
  path: string,
  { role = "admin", noticesErrors = true, ...options }: Parameters<BrowserWorld["open"]>[1],
  look: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ locale: "en-US", ...options });
  context.setDefaultTimeout(DEADLINE_MS);
  try {
    const cookie = await world.signIn(`the ${role}`);
    const [name = "", value = ""] = cookie.split("=");
    await context.addCookies([{ name, value, url }]);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      const isAnswer = message.text().startsWith("Failed to load resource");
      if (noticesErrors || !isAnswer) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => {
      // Whoever leaves what is not saved is asked: who waits for that answers.
      if (dialog.type() !== "beforeunload") complaints.push(dialog.message());
    });
    page.on("request", (request) => {
      const to = request.url();
      if (!to.startsWith(url) && !to.startsWith("data:")) complaints.push(`asks ${to}`);
    });
    await page.goto(`${url}${path}`);
    await look(page);
    if (complaints.length > 0) throw new Error(`${path}: ${complaints.join("; ")}`);
  } finally {
    await context.close();
  }
}

/** Ends the session of a browser where the server keeps it, as when a password was changed. */
export async function endSession({ url }: BrowserWorld, page: Page): Promise<void> {
  const cookies = await page.context().cookies(url);
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const headers = { cookie, "Sec-Fetch-Site": "same-origin" };
  const response = await fetch(`${url}/logout`, { method: "POST", headers, redirect: "manual" });
  await response.body?.cancel();
}

async function recordOrder(
  { journal, context }: ConsoleWorld,
  number: string,
  total: string,
  parts: object,
): Promise<string> {
  const handler = handlers.find(({ kind }) => kind === "ustore.order-approval");
  const request = JSON.stringify(handler?.sample.request)
    .replace(/"@DisplayOrderId":"\d+"/, `"@DisplayOrderId":${JSON.stringify(number)}`)
    .replace(/"TotalPrice":"[\d.]+","Cost"/, `"TotalPrice":"${total}","Cost"`)
    .replace(/"Email":"[^"]*"/, `"Email":"office-7@store.example"`);
  const isLarge = Number(total) > 500;
  const id = newDeliveryId();
  await journal.record(delivery({
    ...{ id, endpoint: "/approval", kind: "ustore.order-approval", status: 200 },
    receivedAt: context.now() - 4,
    answeredAt: context.now(),
    remoteAddress: "127.0.0.1",
    verifiedBy: "key 3f2a91bc",
    body: bytesOf(request),
    answer: bytesOf(JSON.stringify({ ApprovalGroupId: 10065, IsApprovalNeeded: isLarge })),
    headers: [["content-type", "application/json"]],
    rules: [
      { name: "large orders", when: "order.total > 500.0" },
      { name: "never", when: "order.total > 1000000.0" },
    ],
    decisions: [{
      rule: isLarge ? "large orders" : "otherwise",
      outcome: isLarge ? { group: 10065 } : { approve: true },
      tried: isLarge ? 1 : 2,
      failures: [],
    }],
    ...parts,
  }));
  return id;
}

/** Records what cannot be answered, what means harm, and an event on its way. */
export async function recordTroubles({ journal, order, context }: BrowserWorld): Promise<void> {
  await order("", "1.00", {
    status: 401,
    verifiedBy: null,
    decisions: [],
    answer: bytesOf('{"message":"The signature is wrong.","code":"signature_mismatch"}'),
    headers: [["x-signature", "nonsense"]],
  });
  for (const text of HOSTILE_TEXTS) {
    await order(text, "9.00", {
      note: text,
      requestId: text,
      rules: [{ name: text, when: `order.displayId == ${JSON.stringify(text)}` }],
      decisions: [{ rule: text, outcome: { note: text }, tried: 1, failures: [] }],
    });
    await journal.record(
      delivery({
        id: newDeliveryId(),
        endpoint: "/cart",
        kind: "events",
        receivedAt: context.now(),
      }),
      {
        events: [event({
          type: text,
          subject: text,
          key: text,
          warnings: [text],
          payload: bytesOf(JSON.stringify({ text })),
          forwardTo: ["erp"],
        })],
      },
    );
  }
}

/** Opens a page as an operator whose line for news is cut, which the browser complains of. */
export async function withCutLine(
  { browser, url, signIn }: BrowserWorld,
  path: string,
  look: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ locale: "en-US" });
  context.setDefaultTimeout(DEADLINE_MS);
  try {
    const [name = "", value = ""] = (await signIn("the operator")).split("=");
    await context.addCookies([{ name, value, url }]);
    const page = await context.newPage();
    await page.route("**/api/v1/live", (route) => route.abort());
    await page.goto(`${url}${path}`);
    await page.getByText("The connection is lost").waitFor();
    await look(page);
  } finally {
    await context.close();
  }
}
