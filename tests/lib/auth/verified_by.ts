import type { Arrival, Authenticator, Verified } from "../../../lib/auth/authenticator.ts";
import { isRefusal } from "../../../lib/http/context.ts";

/** An authenticator of which only is of interest whom it lets in. */
export interface PlainAuthenticator extends Omit<Authenticator, "verify"> {
  verify(
    headers: Headers,
    body: Uint8Array<ArrayBuffer>,
    arrival?: Arrival,
  ): Promise<Verified | undefined>;
}

/** Leaves out why somebody is refused, and what is warned of. */
export function plainAuthenticator(auth: Authenticator): PlainAuthenticator {
  return {
    ...auth,
    async verify(headers, body, arrival) {
      const verification = await auth.verify(headers, body, arrival);
      if (isRefusal(verification)) return undefined;
      const { keyIndex, by } = verification;
      return { keyIndex, by };
    },
  };
}
