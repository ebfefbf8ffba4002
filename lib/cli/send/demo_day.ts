/** A day of made-up traffic, the same at each run but for its times. */
import type { Handler } from "../../../handlers/handler.ts";
import type { Loaded } from "../../config/load.ts";
import type { Endpoint } from "../../http/endpoint.ts";
import { Problem } from "../../http/problem/problem.ts";
import { problemAnswer } from "../../http/problem/problem_answer.ts";
import { type HeaderLine, newDeliveryId } from "../../journal/delivery.ts";
import { newExportIdentity } from "../../journal/export.ts";
import type { Journal } from "../../journal/journal.ts";
import { decideBody } from "../../trials/decide_body.ts";

/** A request of a made-up day. */
export interface MadeUpRequest {
  readonly endpoint: Endpoint;
  readonly handler: Handler;
  /** Below the endpoint's own path, where platforms send to paths below it. */
  readonly below: string;
  readonly body: Uint8Array<ArrayBuffer>;
  /** Signed with a key that somebody copied with the line's end. */
  readonly isMiscopied: boolean;
}

/** Gives numbers from 0 up to 1. */
type Random = () => number;

/**
 * Makes numbers that are the same at each run.
 *
 * @param seed Where they begin.
 */
export function createMadeUpNumbers(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** So many of all requests are signed with a key that was copied with the end of its line. */
const MISCOPIED_SHARE = 0.002;
const DEPARTMENTS = ["Sales", "Marketing", "Purchasing", "Service", "Print room"];
const STATES = ["NY", "NJ", "CT", "TX", "CA", "IL"];
/** The number of the first order. */
export const FIRST_NUMBER = 28_604;

/**
 * Makes up requests to the endpoints of a config, one after the other.
 *
 * @param endpoints The endpoints.
 * @param handlers Their kinds.
 * @param random Where chance comes from.
 * @param firstNumber The number of the first order.
 */
export function* madeUpRequests(
  endpoints: readonly Endpoint[],
  handlers: readonly Handler[],
  random: Random,
  firstNumber = FIRST_NUMBER,
): Generator<MadeUpRequest, never> {
  const known = endpoints.flatMap((endpoint) => {
    const handler = handlers.find(({ kind }) => kind === endpoint.kind);
    return handler === undefined ? [] : [{ endpoint, handler, weight: weightOf(endpoint.kind) }];
  });
  const whole = known.reduce((sum, { weight }) => sum + weight, 0);
  for (let number = firstNumber;; number++) {
    let place = random() * whole;
    const chosen = known.find(({ weight }) => (place -= weight) < 0) ?? known[0];
    if (chosen === undefined) throw new RangeError("Cannot make up requests: no endpoint is known");
    const { endpoint, handler } = chosen;
    const document = varied(handler, number, random);
    yield {
      endpoint,
      handler,
      below: endpoint.kind.startsWith("emporix") ? "/cart.updated" : "",
      body: new TextEncoder().encode(JSON.stringify(document)),
      isMiscopied: endpoint.kind.startsWith("ustore") && random() < MISCOPIED_SHARE,
    };
  }
}

function weightOf(kind: string): number {
  if (kind.endsWith("order-approval")) return 6;
  if (kind.endsWith("manufacturer")) return 3;
  return kind.startsWith("ustore") ? 0.5 : 1;
}

/** The kind's own example with other numbers in it; what a kind does not have stays away. */
function varied({ kind, sample }: Handler, number: number, random: Random): unknown {
  const text = JSON.stringify(sample.request);
  const total = (random() ** 3 * 1400 + 4).toFixed(2);
  const office = 1 + Math.floor(random() * 40);
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? "";
  const withNumbers = text
    .replace(/"@DisplayOrderId":"\d+"/, `"@DisplayOrderId":"${number}"`)
    .replace(/"@OrderId":"\d+"/, `"@OrderId":"${number - 24_536}"`)
    .replace(/"TotalPrice":"[\d.]+","Cost"/, `"TotalPrice":"${total}","Cost"`)
    .replace(/"Email":"[^"]*"/, `"Email":"office-${office}@store.example"`)
    .replace(/"Department":null/, `"Department":"${pick(DEPARTMENTS)}"`)
    .replace(/"order_id":"DEMO-\d+"/, `"order_id":"DEMO-${number}"`)
    .replaceAll(/"(State|StateCode)":"[A-Z]{2}"/g, `"$1":"${pick(STATES)}"`);
  const document: unknown = JSON.parse(withNumbers);
  if (typeof document !== "object" || document === null) return document;
  // Of events each is another one.
  if (kind.startsWith("emporix")) return { ...document, id: `5c9a7a4d0b2f4b00${number}` };
  // An order that decides by itself would leave rules nothing to do.
  if ("Order" in document && typeof document.Order === "object") {
    return { ...document, Order: { ...document.Order, CustomConfig: null } };
  }
  return document;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** How much comes at an hour of the day, of 1 at most: little at night. */
function shareOf(hour: number): number {
  return 0.06 + 0.94 * Math.max(0, Math.sin(Math.PI * (hour - 5) / 16)) ** 1.6;
}

/** How many seconds lie between two requests at the busiest time. */
const BUSIEST_GAP_SECONDS = 26;

/**
 * Records a day of made-up deliveries that ends now.
 *
 * @param loaded The config, whose rules decide them.
 * @param handlers The kinds.
 * @param journal Where they are recorded.
 * @param keyOf What each kind's platform and its endpoint both know.
 * @param now When the day ends, in milliseconds since the epoch.
 * @returns How many there are.
 */
export async function recordMadeUpDay(
  { endpoints }: Pick<Loaded, "endpoints">,
  handlers: readonly Handler[],
  journal: Pick<Journal, "record" | "exportOf">,
  keyOf: (kind: string) => string,
  now: number,
): Promise<number> {
  const random = createMadeUpNumbers(7);
  const requests = madeUpRequests(endpoints, handlers, random);
  const recorded: Promise<void>[] = [];
  for (let at = now - DAY_MS; at < now - 5000;) {
    const hour = new Date(at).getHours() + (at % HOUR_MS) / HOUR_MS;
    at += Math.round((0.4 + random() * 1.2) * BUSIEST_GAP_SECONDS * 1000 / shareOf(hour));
    if (at >= now) break;
    const request = requests.next().value;
    const key = keyOf(request.handler.kind);
    recorded.push(
      recordOne(request, journal, key, { at, tookMs: 1 + Math.floor(random() ** 4 * 24) }),
    );
  }
  await Promise.all(recorded);
  return recorded.length;
}

async function recordOne(
  { endpoint, handler, below, body, isMiscopied }: MadeUpRequest,
  journal: Pick<Journal, "record" | "exportOf">,
  key: string,
  { at, tookMs }: { readonly at: number; readonly tookMs: number },
): Promise<void> {
  const requestId = crypto.randomUUID();
  const id = newDeliveryId(at + tookMs);
  const url = `http://localhost${endpoint.path}${below}`;
  const prepared = await handler.sample.sender.prepare({
    ...{ url, body, language: "en-US", isSample: false },
    key: isMiscopied ? `${key}\n` : key,
  });
  const headers: HeaderLine[] = Object.entries(prepared.headers)
    .map(([name, value]): HeaderLine => [name.toLowerCase(), value])
    // A signature that is right opens something: none is kept.
    .filter(([name]) => isMiscopied || !/signature|authorization/.test(name));
  const common = {
    ...{ id, endpoint: endpoint.path, kind: endpoint.kind, requestId, headers, body },
    ...{ receivedAt: at, answeredAt: at + tookMs, remoteAddress: "127.0.0.1" },
    rules: endpoint.rules,
  };
  if (isMiscopied) {
    const { status, body: answer } = problemAnswer(
      new Problem("signature_mismatch"),
      new Headers(),
      requestId,
    );
    await journal.record({ ...common, verifiedBy: null, status, answer, decisions: [] });
    return;
  }
  const decided = await decideBody(endpoint, body, {
    ...{ requestId, language: "en-US", url: new URL(prepared.url) },
    ask: () => Promise.resolve(undefined),
    exportOf: (_list, externalId) => Promise.resolve(newExportIdentity(externalId)),
  });
  if (decided.status === null) return;
  const events = (decided.events ?? []).map((event) => ({
    ...event,
    forwardTo: endpoint.forwardTo(event),
  }));
  await journal.record({
    ...common,
    verifiedBy: verifierOf(endpoint),
    status: decided.status,
    answer: decided.body,
    decisions: decided.decisions,
  }, { events });
}

/** What would have verified it: the first key, where there are keys. */
function verifierOf({ auth }: Endpoint): string {
  const [fingerprint] = auth.keyFingerprints;
  return fingerprint === undefined ? auth.scheme : `key ${fingerprint}`;
}
