import type { Decision, RuleText } from "../rules/decision.ts";

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

/** One received request with its outcome, as the line hands it to the journal. */
export type Delivery = Omit<DeliverySummary, "bodyBytes" | "repeatOf" | "erasedAt"> & Content;

/** One received request with its outcome, as the journal keeps it. */
export type StoredDelivery = DeliverySummary & Content;
