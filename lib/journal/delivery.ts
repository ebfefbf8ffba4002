/** A delivery: what it is, what is kept of it, and the ids that tell deliveries apart. */
import type { Decision, RuleText } from "../rules/decision.ts";
import { hash } from "../util/hash.ts";
import type { RefusedLimits } from "./journal.ts";

/** One header line: its name in lower case and its value. */
export type HeaderLine = readonly [name: string, value: string];

/** What stands in a list of deliveries: everything but the bytes and the headers. */
export interface DeliverySummary {
  /** Time-ordered (UUIDv7), made by `newDeliveryId()`. */
  readonly id: string;
  /** The configured path that received it. */
  readonly endpoint: string;
  readonly kind: string;
  readonly requestId: string;
  /** In milliseconds since the epoch. */
  readonly receivedAt: number;
  /** In milliseconds since the epoch. */
  readonly answeredAt: number;
  readonly remoteAddress: string;
  /** What verified it, the name of a key for example; `null` marks a refused delivery. */
  readonly verifiedBy: string | null;
  /** The status of the answer. */
  readonly status: number;
  readonly decisions: readonly Decision[];
  /** The endpoint's rules at that time, in order, to explain the decisions with. */
  readonly rules: readonly RuleText[];
  /** What an admin should know beside it: the finding for a refused signature, for example. */
  readonly note?: string;
  /** Bytes of the body as received; more than `body` holds when a refused one was cut. */
  readonly bodyBytes: number;
  /** The earlier delivery of the same endpoint with the same body bytes, among accepted ones. */
  readonly repeatOf: string | null;
  /** When a person's data was erased from it, in milliseconds since the epoch. */
  readonly erasedAt: number | null;
}

/** The parts of a delivery that can be large. */
interface Content {
  /** Without secrets: see `redactHeaders()`. */
  readonly headers: readonly HeaderLine[];
  /** The exact bytes; empty when it was refused by its size. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** The exact bytes of the answer's body. */
  readonly answer: Uint8Array<ArrayBuffer>;
}

interface Numbered {
  /** The numbers by which people look for it, such as its order's; absent where nobody read them. */
  readonly numbers?: readonly string[];
}

/** One received request with its outcome, as the pipeline hands it to the journal. */
export type Delivery =
  & Omit<DeliverySummary, "bodyBytes" | "repeatOf" | "erasedAt">
  & Content
  & Numbered;

/** One received request with its outcome, as the journal keeps it. */
export type StoredDelivery = DeliverySummary & Content & Numbered;

const HEADER_LINES = 64;
const HEADER_CHARACTERS = 1024;

/**
 * Cuts a refused delivery down to what is kept of it, so that strangers can't fill the disk. An
 * accepted one stays as it is.
 *
 * @param delivery The delivery.
 * @param limits How much is kept of a refused one.
 * @returns The delivery to keep.
 */
export function cutRefused(delivery: Delivery, limits: RefusedLimits): Delivery {
  if (delivery.verifiedBy !== null) return delivery;
  return {
    ...delivery,
    endpoint: delivery.endpoint.slice(0, HEADER_CHARACTERS),
    headers: delivery.headers.slice(0, HEADER_LINES).map((
      [name, value],
    ) => [name.slice(0, HEADER_CHARACTERS), value.slice(0, HEADER_CHARACTERS)]),
    body: delivery.body.subarray(0, limits.bodyBytes),
  };
}

/** What stands in the place of a secret. */
export const REMOVED = "[removed]";

const SECRET =
  /auth|cookie|signature|secret|token|passw|credential|session|hmac|api-?key|(?:^|[-_])(?:key|jwt|assertion)$/i;

/** Names that end like a secret's and are none. */
const PUBLIC: ReadonlySet<string> = new Set([
  "idempotency-key",
  "sec-websocket-key",
  "surrogate-key",
  "x-idempotency-key",
]);

/** What `redactHeaders()` has to know of the delivery. */
export interface RedactionOptions {
  /** The header of a signature that stays readable, since it was tried and is wrong. */
  readonly disprovedHeader?: string | undefined;
  /** The endpoint's path. What stands behind it in a URL may be a secret token. */
  readonly path?: string;
}

/**
 * Takes the secrets out of headers: credentials, cookies, signatures and API keys. What is not
 * known to be public and is named like a secret counts as one. Where a header has a URL, as proxies
 * hand on the original one, only its host and the endpoint's own path stay.
 *
 * @param headers The headers of a request.
 * @param options What stays.
 * @returns Every line in its order, with `[removed]` in the place of each secret.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const headers = new Headers({ "Content-Type": "text/plain", "X-Signature": "c2VjcmV0" });
 * assertEquals(redactHeaders(headers), [
 *   ["content-type", "text/plain"],
 *   ["x-signature", "[removed]"],
 * ]);
 * assertEquals(redactHeaders([["x-original-url", "/uc/s3cret"]], { path: "/uc" }), [
 *   ["x-original-url", "/uc/[removed]"],
 * ]);
 * ```
 */
export function redactHeaders(
  headers: Iterable<HeaderLine>,
  { disprovedHeader, path }: RedactionOptions = {},
): HeaderLine[] {
  const disproved = disprovedHeader?.toLowerCase();
  return Array.from(headers, ([name, value]) => {
    if (name.toLowerCase() === disproved) return [name, value];
    if (isSecret(name)) return [name, REMOVED];
    return [name, MAY_HOLD_URL.test(value) ? withoutUrls(value, path) : value];
  });
}

/** Where neither begins nor is hidden a URL, nothing is looked at more closely. */
const MAY_HOLD_URL = /https?:\/\/|(?<![\w*.])[/?]|%2f/i;
/** What can't stand within a URL. */
const BETWEEN_URLS = /([\s"'<>,;]+)/;
/** Where a URL, a path or a query begins: not at the slash of a media type. */
const URL_START = /https?:\/\/|(?<![\w*.])[/?]/i;

function withoutUrls(value: string, path: string | undefined): string {
  return value.split(BETWEEN_URLS).map((text) => withoutUrl(text, path)).join("");
}

/** Leaves of a URL what says nothing: its host, and the endpoint's path where it begins with it. */
function withoutUrl(text: string, path: string | undefined): string {
  if (/%2f/i.test(text)) return REMOVED;
  const start = text.search(URL_START);
  if (start === -1) return text;
  const [, origin = "", rest = ""] = /^(https?:\/\/[^/?#]*)?(.*)$/is.exec(text.slice(start)) ?? [];
  const before = text.slice(0, start) + origin.replace(/\/\/.*@/, "//");
  if (rest === "" || rest === "/" || rest === path) return before + rest;
  const kept = ["/", "?"].map((next) => `${path}${next}`).find((one) => rest.startsWith(one));
  return `${before}${path === undefined || path === "/" ? "/" : kept ?? "/"}${REMOVED}`;
}

/** Requests have the same few names again and again. Who sends others may not fill the memory. */
const judged = new Map<string, boolean>();
const MOST_JUDGED = 1000;

function isSecret(name: string): boolean {
  let secret = judged.get(name);
  if (secret === undefined) {
    secret = SECRET.test(name) && !PUBLIC.has(name.toLowerCase());
    if (judged.size < MOST_JUDGED) judged.set(name, secret);
  }
  return secret;
}

/**
 * Names the content of a delivery, so that a repeat is found: the same endpoint and the same
 * bytes give the same name.
 *
 * @param endpoint The configured path; it holds no NUL.
 * @param body The exact bytes.
 * @returns The SHA-256 of both.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const body = new TextEncoder().encode("{}");
 * assertEquals(fingerprint("/orders", body).byteLength, 32);
 * assertEquals(fingerprint("/orders", body), fingerprint("/orders", body));
 * ```
 */
export function fingerprint(endpoint: string, body: Uint8Array<ArrayBuffer>): Uint8Array {
  return hash("sha256", endpoint, "\0", body);
}

/**
 * Takes a number out of the name of a content: as much of it as a number holds exactly.
 *
 * @param name What {@linkcode fingerprint} gave.
 * @returns An integer of 53 bits.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(contentNumber(new Uint8Array(32).fill(255)), Number.MAX_SAFE_INTEGER);
 * ```
 */
export function contentNumber(name: Uint8Array): number {
  const view = new DataView(name.buffer, name.byteOffset);
  return (view.getUint32(0) & 0x1f_ffff) * 2 ** 32 + view.getUint32(4);
}

const MOST_NUMBERS = 20;
const NUMBER_CHARACTERS = 100;

/**
 * Gives the numbers of a delivery as stores keep them: in small letters, each once.
 *
 * @param delivery The delivery.
 * @returns The numbers; `undefined` where nobody read them or they are more than anybody looks for,
 * so that the text is looked through.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(keptNumbers({ numbers: ["A-17", "a-17"] }), ["a-17"]);
 * assertEquals(keptNumbers({}), undefined);
 * ```
 */
export function keptNumbers({ numbers }: Pick<Delivery, "numbers">): readonly string[] | undefined {
  const isKept = numbers !== undefined && numbers.length <= MOST_NUMBERS &&
    numbers.every(({ length }) => length <= NUMBER_CHARACTERS);
  if (!isKept) return undefined;
  const small = numbers.map((one) => one.toLowerCase());
  return small.filter((one, index) => small.indexOf(one) === index);
}

/** A key of a store has room for so many within a millisecond, until the year 2109. */
const COUNTER_LIMIT = 0x800;
const last = { time: 0, counter: 0 };

const TIME_ORDERED = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-7][0-9a-f]{2}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * Reads the number that an id carries: its time and its counter. It grows as the ids of one process
 * do, and no two of them have the same.
 *
 * @param id The id.
 * @returns The number; `undefined` when it is no id as `newDeliveryId()` makes them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(timeKeyOf("00000000-0002-7003-8000-000000000000"), 2 * 2048 + 3);
 * assertEquals(timeKeyOf("other"), undefined);
 * ```
 */
export function timeKeyOf(id: string): number | undefined {
  if (!TIME_ORDERED.test(id)) return undefined;
  const time = Number.parseInt(`${id.slice(0, 8)}${id.slice(9, 13)}`, 16);
  const key = time * COUNTER_LIMIT + Number.parseInt(id.slice(15, 18), 16);
  return Number.isSafeInteger(key) ? key : undefined;
}

/**
 * Makes the id of a delivery: a UUID of version 7. Ids made by one process always increase, also
 * within a millisecond and when the clock is set back.
 *
 * @param now Milliseconds since the epoch.
 * @param random Makes a UUID of version 4, whose random digits are taken over.
 * @returns The id, in lower case.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(newDeliveryId() < newDeliveryId(), true);
 * ```
 */
export function newDeliveryId(
  now: number = Date.now(),
  random: () => string = () => crypto.randomUUID(),
): string {
  const uuid = random();
  // A new millisecond starts in the lower half of the counter, so that the upper half is free
  // for what arrives within it; a full counter borrows the next millisecond.
  if (now > last.time) {
    last.time = now;
    last.counter = Number.parseInt(uuid.slice(0, 3), 16) % (COUNTER_LIMIT / 2);
  } else if (++last.counter === COUNTER_LIMIT) {
    last.time++;
    last.counter = 0;
  }
  const time = last.time.toString(16).padStart(12, "0");
  const counter = last.counter.toString(16).padStart(3, "0");
  // From here on both versions are alike: the variant, then random digits.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-${uuid.slice(19)}`;
}
