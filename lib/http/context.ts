import type { Verified } from "../auth/authenticator.ts";
import type { Refusal } from "../auth/refusals.ts";
import type { Decision } from "../rules/decision.ts";
import type { ReceivedEvent } from "../events/event.ts";
import type { ArrivingBody } from "./limits.ts";
import type { Endpoint, Exported } from "./endpoint.ts";
import type { Peer } from "./listen/listener.ts";
import type { Problem } from "./problem/problem.ts";

/** A request on its way through the pipeline, with what the steps found out so far. */
export interface RequestContext {
  readonly endpoint: Endpoint;
  readonly headers: Headers;
  readonly requestId: string;
  readonly remoteAddress: string;
  /** In milliseconds since the epoch. */
  readonly receivedAt: number;
  /** The bytes as received; empty until they are read, and when they are too many. */
  body: Uint8Array<ArrayBuffer>;
  /** Who sent it; `undefined` when that was not found out, or not looked at. */
  verified: Verified | undefined;
  /** Why it is not known who sent it; `undefined` too when another refusal came before. */
  refusal: Refusal | undefined;
  decisions: readonly Decision[];
  exported: Exported | undefined;
  events: readonly ReceivedEvent[];
  /** What is answered instead of a 200. */
  problem: Problem | undefined;
  /** Gives back its place among the requests that are worked on; `undefined` while it has none. */
  leave: (() => void) | undefined;
}

/** Who sent a request. */
export interface RequestSender {
  /** The address of the client, also behind trusted proxies. */
  readonly address: string;
  /** Its connection, where connections are limited. */
  readonly connection?: Peer["connection"];
  /** Its body on its way, or in memory while nobody knows whose it is. */
  arrival: ArrivingBody | undefined;
}
