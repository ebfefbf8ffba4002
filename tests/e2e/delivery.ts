/** Deliveries as uStore sends them, and what an answer to one must be. */
import { assertEquals } from "@std/assert";
import { concat } from "@std/bytes/concat";
import { join } from "@std/path";
import { createHmac } from "node:crypto";
import { ROOT } from "./program.ts";
import { connect, type RawResponse, toBytes } from "./raw_http.ts";

/** The key of the shipped config. */
export const KEY = "development-key";

/** The paths of the shipped config. */
export const PATHS = {
  "order_approval": "/ustore/order-approval",
  "manufacturer": "/ustore/manufacturer",
  "cart_export": "/ustore/cart-export",
} as const;

/** One of the webhooks of the shipped config. */
export type SampleName = keyof typeof PATHS;

/** What is sent. */
export interface Delivery {
  readonly method?: string;
  /** The target of the request line (default the order approval). */
  readonly target?: string;
  /** The body (default the vendor's example of an order approval). */
  readonly body?: string | Uint8Array;
  /** The key that signs; `null` for no signature. */
  readonly key?: string | null;
  /** Headers that are added; a value replaces one of the usual headers, `null` removes it. */
  readonly headers?: Readonly<Record<string, string | null>>;
}

/** The bytes of a vendor's example. */
export function sample(name: SampleName): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(join(ROOT, "handlers/ustore/samples", `${name}.json`));
}

/** The X-Signature of bytes, by another implementation than the program's own. */
export function hmac(body: string | Uint8Array, key: string = KEY): string {
  return createHmac("sha512", key).update(body).digest("base64");
}

/** An answer with words in the place of the random names that a cart export gives. */
export function withoutNames(answer: string): string {
  return answer
    .replace(/"[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}"/, '"UUID"')
    .replace(/\/exports\/[\w-]{22}"/, '/exports/TOKEN"');
}

/**
 * Writes the head of a request, up to the empty line.
 *
 * @param delivery What is sent.
 */
export function headOf(delivery: Delivery = {}): string {
  const { method = "POST", target = PATHS.order_approval, key = KEY, headers = {} } = delivery;
  const body = toBytes(delivery.body ?? sample("order_approval"));
  const all: Record<string, string | null> = {
    Host: "localhost",
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": String(body.length),
    "X-Signature": key === null ? null : hmac(body, key),
    ...headers,
  };
  const lines = Object.entries(all)
    .flatMap(([name, value]) => value === null ? [] : [`${name}: ${value}`]);
  return [`${method} ${target} HTTP/1.1`, ...lines, "", ""].join("\r\n");
}

/**
 * Writes a whole request.
 *
 * @param delivery What is sent.
 */
export function requestOf(delivery: Delivery = {}): Uint8Array<ArrayBuffer> {
  const body = delivery.body ?? sample("order_approval");
  return concat([toBytes(headOf(delivery)), toBytes(body)]);
}

/**
 * Sends one request over a connection of its own.
 *
 * @param server The server's port.
 * @param delivery What is sent.
 */
export async function deliver(
  server: { readonly port: number },
  delivery: Delivery = {},
): Promise<RawResponse> {
  using connection = await connect(server);
  await connection.send(requestOf(delivery));
  return await connection.response(delivery.method);
}

/**
 * Asserts that an answer carries the signature of its own bytes.
 *
 * @param response The answer.
 * @param key The key of the other side.
 */
export function assertSigned({ headers, body }: RawResponse, key: string = KEY): void {
  assertEquals(headers["x-signature"], hmac(body, key));
}

/**
 * Asserts that an answer is an error of this status and code, signed.
 *
 * @param response The answer.
 * @param status Its status.
 * @param code Its code.
 * @param message Its message, where it is not the code's own business.
 */
export function assertProblem(
  response: RawResponse,
  status: number,
  code: string,
  message?: string,
): void {
  const body: Record<string, unknown> = JSON.parse(response.text);
  assertEquals([response.status, body["code"]], [status, code]);
  assertEquals(Object.keys(body), ["message", "code", "requestId"]);
  assertEquals(body["requestId"], response.headers["x-request-id"]);
  assertEquals(typeof body["message"], "string");
  if (message !== undefined) assertEquals(body["message"], message);
  assertSigned(response);
}

/** The answer to the vendor's example of an order approval, by the shipped config. */
export const APPROVAL_ANSWER = '{"ApprovalGroupId":10065,"IsApprovalNeeded":true}';

/**
 * Asserts that the server still answers a good request.
 *
 * @param server The server.
 */
export async function assertAlive(server: { readonly port: number }): Promise<void> {
  const response = await deliver(server);
  assertEquals([response.status, response.text], [200, APPROVAL_ANSWER]);
  assertSigned(response);
}
