/** What is known of a request on its way, and who sent it. */
import type { Verified } from "../auth/authenticator.ts";
import { type Refusal, refuseAddress, refuseAt } from "../auth/refusals.ts";
import type { Decision } from "../rules/decision.ts";
import type { ReceivedEvent } from "../events/event.ts";
import type { ArrivingBody } from "./limits.ts";
import type { Endpoint, Exported } from "./endpoint.ts";
import type { Peer } from "./listen/listener.ts";
import { Problem } from "./problem/problem.ts";
import { requestUrlOf } from "./request.ts";

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
  /** By which numbers people look for it; `undefined` when nobody read its document. */
  numbers: readonly string[] | undefined;
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

/**
 * Tells a refusal from a verification.
 *
 * @param verification What an authenticator said.
 * @returns Whether it refused.
 */
export function isRefusal(verification: object): verification is Refusal {
  return "disprovedHeader" in verification;
}

/**
 * Finds out who sent a request, and notes it in the context, or why that is not known.
 *
 * @param context The request, with the bytes of its body.
 * @param request The same as it came.
 * @param judgeElsewhere Looks whether a refused signature is right for another endpoint.
 * @throws {Problem} When it is not known (`signature_mismatch`).
 */
export async function verifyRequest(
  context: RequestContext,
  request: Request,
  judgeElsewhere?: JudgeElsewhere,
): Promise<void> {
  const { endpoint, headers, body, remoteAddress } = context;
  const { auth, addresses } = endpoint;
  // The address first: from where nothing may come, nothing is worked on.
  const verification = addresses?.has(remoteAddress) ?? true
    ? await auth.verify(headers, body, { remoteAddress, url: () => requestUrlOf(request.url) })
    : refuseAddress(remoteAddress);
  if (!isRefusal(verification)) {
    context.verified = verification;
    return;
  }
  context.refusal = judgeElsewhere === undefined
    ? verification
    : await judgeElsewhere(endpoint, verification, headers, body);
  // Why is for the log and the journal alone: the answer is the same, whatever was wrong.
  const { challenge } = auth;
  throw new Problem("signature_mismatch", challenge === undefined ? {} : { headers: challenge });
}

/** Judges a refusal anew by the keys of all endpoints. */
export type JudgeElsewhere = (
  endpoint: Endpoint,
  refusal: Refusal,
  headers: Headers,
  body: Uint8Array<ArrayBuffer>,
) => Promise<Refusal>;

/** Of a refused delivery no more is kept, so that nobody could examine its signature later. */
const MOST_BYTES = 65_536;

/**
 * Makes what looks whether a signature that one endpoint refuses is right for another: then the URL
 * is the mistake, and the signature must not stay readable.
 *
 * @param endpoints All endpoints of the server.
 * @returns What gives the refusal, or another one in its place.
 */
export function createJudgeElsewhere(endpoints: readonly Endpoint[]): JudgeElsewhere {
  return async (endpoint, refusal, headers, body) => {
    if (refusal.disprovedHeader === undefined) return refusal;
    if (body.length > MOST_BYTES) return { ...refusal, disprovedHeader: undefined };
    const tried = new Set(endpoint.auth.keyFingerprints);
    for (const { path, auth } of endpoints) {
      if (auth.scheme !== endpoint.auth.scheme) continue;
      if (auth.keyFingerprints.every((key) => tried.has(key))) continue;
      for (const key of auth.keyFingerprints) tried.add(key);
      if (!isRefusal(await auth.verify(headers, body))) return refuseAt(path);
    }
    return refusal;
  };
}
