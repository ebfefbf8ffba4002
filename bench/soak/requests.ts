/** One request of every kind, and the config of a server that takes them. */
import { join } from "@std/path";
import { handlers } from "../../handlers/mod.ts";

const HOST = "http://soak";

/** What `mixed.lua` replaces by an id that was never there before. */
const EVENT_ID = "soak-000000000000";

/** What is soaked. */
export interface Soaked {
  /** The endpoints of the server. */
  readonly endpoints: readonly Readonly<Record<string, unknown>>[];
  /**
   * Signs a request for every endpoint anew, since some signatures are good for minutes only.
   *
   * @returns The files of the requests, as they go over the wire.
   */
  sign(): Promise<readonly string[]>;
}

/** What an endpoint needs beside its key. */
const SETTINGS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "ustore.order-approval": {
    defaultGroup: 10065,
    rules: [{ name: "large orders", when: "order.total > 500.0", then: { group: 10065 } }],
    otherwise: { customConfig: true },
  },
  "ustore.manufacturer": {
    manufacturers: { hanover: 2 },
    rules: [{
      name: "Pennsylvania",
      when: "item.shipTo.stateCode == 'PA'",
      then: { manufacturer: "hanover" },
    }],
    otherwise: { customConfiguration: true },
  },
  "ustore.cart-export": { externalUrl: "{publicUrl}/exports/{token}", redirectUrl: "" },
};

/**
 * Prepares a request for every handler, and one of an event that is new each time.
 *
 * @param folder Where their files go.
 * @param destination To where that event is forwarded.
 */
export function prepareSoak(folder: string, destination: string): Soaked {
  const samples = handlers.map(({ kind, sample }) => ({
    kind,
    path: `/${kind}`,
    document: sample.request,
    sender: sample.sender,
    key: sample.sender.newKey(),
    settings: SETTINGS[kind] ?? {},
  }));
  const events = samples.find(({ kind }) => kind === "events");
  if (events === undefined) throw new Error('Cannot soak: there is no handler of "events"');
  const all = [...samples, {
    ...events,
    path: "/new-events",
    document: { type: "soak", timestamp: "2026-01-01T00:00:00Z", data: { id: EVENT_ID } },
    // Signed by nothing that an id would change.
    key: "soak:password",
    settings: {
      auth: { type: "basic", username: "soak", password: "password" },
      forward: [destination],
    },
  }];
  const sign = () =>
    Promise.all(all.map(async ({ path, document, sender, key }, index) => {
      const body = new TextEncoder().encode(JSON.stringify(document));
      const isSample = path !== "/new-events";
      const sending = { url: `${HOST}${path}`, body, key, language: "en-US", isSample };
      const { url, headers } = await sender.prepare(sending);
      const file = join(folder, `request-${index}`);
      await Deno.writeTextFile(file, requestText(url, headers, body));
      return file;
    }));
  return {
    sign,
    endpoints: all.map(({ path, kind, sender, key, settings }) => ({
      path,
      kind,
      ...sender.settings(key),
      ...settings,
    })),
  };
}

function requestText(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
): string {
  const { host, pathname, search } = new URL(url);
  const lines = Object.entries({ ...headers, Host: host, "Content-Length": `${body.length}` })
    // wrk sends a body without waiting to be told to.
    .filter(([name]) => name !== "Expect")
    .map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${pathname}${search} HTTP/1.1\r\n${lines.join("")}\r\n${
    new TextDecoder().decode(body)
  }`;
}
