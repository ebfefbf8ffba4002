/** Somebody who has the console open, and looks at one page after another. */
import * as z from "zod";
import { digestOfSecret, newSecret } from "../../lib/console/session/credentials.ts";

/** A token of the console, and how a config names it. */
export function newConsoleToken() {
  const token = newSecret();
  return {
    token,
    settings: {
      tokens: [{ name: "soak", hash: `sha256$${digestOfSecret(token)}`, role: "viewer" }],
    },
  };
}

/** Where they look. */
const PAGES = ["overview", "deliveries", "events", "forwards", "destinations", "traffic?span=hour"];

/** A console that is open. */
export interface OpenConsole {
  /** Looks at the next page; says what is wrong, `undefined` where nothing is. */
  readonly look: () => Promise<string | undefined>;
  /** How many messages the live stream brought. */
  readonly heard: () => number;
  readonly close: () => void;
}

/**
 * Opens the console: its stream stays open for as long as the server lets it.
 *
 * @param adminUrl Where it is.
 * @param token Who looks.
 */
export function openConsole(adminUrl: string, token: string): OpenConsole {
  const headers = { Authorization: `Bearer ${token}` };
  const ending = new AbortController();
  let heard = 0;
  let looks = 0;

  async function listen(): Promise<void> {
    while (!ending.signal.aborted) {
      const response = await fetch(`${adminUrl}/api/v1/live`, { headers, signal: ending.signal });
      for await (const _ of response.body ?? []) heard++;
    }
  }
  listen().catch(() => undefined);
  return {
    heard: () => heard,
    close: () => ending.abort(),
    async look() {
      const page = PAGES[looks++ % PAGES.length] ?? "";
      const signal = AbortSignal.timeout(20_000);
      const response = await fetch(`${adminUrl}/api/v1/${page}`, { headers, signal });
      const text = await response.text();
      if (response.status !== 200) return `the console: ${page}: ${response.status} ${text}`;
      return z.looseObject({}).safeParse(JSON.parse(text)).success
        ? undefined
        : `the console: ${page}: ${text.slice(0, 200)}`;
    },
  };
}
