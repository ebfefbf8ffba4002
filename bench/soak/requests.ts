/** One request of every kind, what has to be answered to each, and the endpoints that take them. */
import { handlers } from "../../handlers/mod.ts";
import type { Handler } from "../../handlers/handler.ts";
import { isSignatureFine, judgeAnswer, type Played, playSender } from "../../lib/cli/send/play.ts";

/** Where events go on to, by the name of the destination. */
export const DESTINATION = "receiver";
const EVENTS_PATH = "/new-events";
const PASSWORD = "password";

/** What is sent. */
export interface Traffic {
  /** The endpoints, as a config has them that was changed so many times. */
  readonly endpoints: (change: number) => readonly Readonly<Record<string, unknown>>[];
  /**
   * Sends the next request and judges the answer by its status, its signature and its content.
   *
   * @param url Where to, without a path.
   * @param number How many were sent before.
   * @returns What is wrong; `undefined` where nothing is.
   */
  readonly send: (url: string, number: number) => Promise<string | undefined>;
  /** The ids of the events that were accepted. */
  readonly accepted: ReadonlySet<string>;
}

/** The groups of the config as it was changed last, and before that: a request may meet either. */
const GROUPS = [10065, 10066] as const;

/** What an endpoint needs beside its key, in a config that was changed so many times. */
function settingsOf(kind: string, change: number): Readonly<Record<string, unknown>> {
  if (kind === "ustore.order-approval") {
    const group = GROUPS[change % GROUPS.length];
    return {
      defaultGroup: group,
      rules: [{ name: "all", when: "order.total > 0.5", then: { group } }],
      otherwise: { approve: true },
    };
  }
  if (kind === "ustore.manufacturer") {
    return {
      manufacturers: { hanover: 2 },
      rules: [{
        name: "Pennsylvania",
        when: "item.shipTo.stateCode == 'PA'",
        then: { manufacturer: "hanover" },
      }],
      otherwise: { manufacturer: 1 },
    };
  }
  return kind === "ustore.cart-export"
    ? { externalUrl: "{publicUrl}/exports/{token}", redirectUrl: "" }
    : {};
}

/** Of so many requests, one is signed by a stranger, and one has no JSON in it. */
const STRANGER_EVERY = 37;
const BROKEN_EVERY = 53;
const TIMEOUT_MS = 20_000;

/** Prepares all of it, with keys of its own. */
export function prepareTraffic(): Traffic {
  const accepted = new Set<string>();
  /** What was answered first to what is answered the same each time. */
  const firsts = new Map<string, string>();
  const senders = handlers.map((handler) => {
    const { sender, request } = handler.sample;
    const body = new TextEncoder().encode(JSON.stringify(request));
    // Two, of which each change of the config makes the other one the first.
    return { handler, body, keys: [sender.newKey(), sender.newKey()] as const };
  });

  async function sendKind(url: string, number: number): Promise<string | undefined> {
    const one = senders[number % senders.length];
    if (one === undefined) return undefined;
    const { handler, body, keys } = one;
    const isStrange = number % STRANGER_EVERY === 0;
    const isBroken = !isStrange && number % BROKEN_EVERY === 0;
    const { sender } = handler.sample;
    const key = hasRotation(handler) && Math.floor(number / senders.length) % 2 === 1
      ? keys[1]
      : keys[0];
    const played = await playSender({
      sender,
      url: `${url}/${handler.kind}`,
      key,
      ...(isStrange ? { strangerKey: sender.newKey() } : {}),
      body: isBroken ? new TextEncoder().encode(`{"broken":${number}`) : body,
      isSample: !isBroken,
      language: "en-US",
      timeoutMs: TIMEOUT_MS,
    });
    return judge(handler, played, isStrange ? 401 : isBroken ? 400 : sender.status);
  }

  function judge(handler: Handler, played: Played, wanted: number): string | undefined {
    const { status, text } = played;
    const wrong = status !== wanted
      ? `answered ${status} where ${wanted} was wanted`
      : judgeAnswer(handler, played).shape ??
        (isSignatureFine(played) || status === 401 ? undefined : "its signature is wrong") ??
        (status === 200 ? judgeContent(handler.kind, text) : undefined);
    return wrong === undefined ? undefined : `${handler.kind}: ${wrong}: ${text.slice(0, 200)}`;
  }

  function judgeContent(kind: string, text: string): string | undefined {
    if (kind === "ustore.order-approval") {
      return GROUPS.some((group) => text.includes(`${group}`)) ? undefined : "no group approves";
    }
    // Each export has a link of its own list, which stays.
    const first = firsts.get(kind) ?? text;
    firsts.set(kind, first);
    return first === text ? undefined : `not what was answered at first, ${first}`;
  }

  async function sendEvent(url: string, number: number): Promise<string | undefined> {
    const id = `soak-${number}`;
    const response = await fetch(`${url}${EVENTS_PATH}`, {
      method: "POST",
      headers: {
        "Authorization": `Basic ${btoa(`soak:${PASSWORD}`)}`,
        "Content-Type": "application/json",
      },
      body: JSON.stringify({ type: "soak", timestamp: new Date().toISOString(), data: { id } }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.status !== 204 || text !== "") return `an event: ${response.status} ${text}`;
    accepted.add(id);
    return undefined;
  }

  return {
    accepted,
    send: (url, number) =>
      number % 3 === 0 ? sendEvent(url, number) : sendKind(url, Math.floor(number * 2 / 3)),
    endpoints: (change) => [
      ...senders.map(({ handler, keys }) => ({
        path: `/${handler.kind}`,
        kind: handler.kind,
        ...handler.sample.sender.settings(keys[0]),
        ...(hasRotation(handler)
          ? { signatureKeys: change % 2 === 0 ? keys : keys.toReversed() }
          : {}),
        ...settingsOf(handler.kind, change),
      })),
      {
        path: EVENTS_PATH,
        kind: "events",
        auth: { type: "basic", username: "soak", password: PASSWORD },
        forward: [DESTINATION],
      },
    ],
  };
}

/** Whether an endpoint of a kind has several keys. */
function hasRotation({ kind }: Handler): boolean {
  return kind.startsWith("ustore.");
}
