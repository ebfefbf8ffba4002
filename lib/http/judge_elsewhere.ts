/** For which other endpoint a refused signature is right: then the URL is the mistake. */
import { refuseAt } from "../auth/refusals.ts";
import { isRefusal, type JudgeElsewhere } from "./context.ts";
import type { Endpoint } from "./endpoint.ts";

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
