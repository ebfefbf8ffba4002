/**
 * Why a request is refused, for every scheme in one place. What stands here is for those who run
 * the server: for the log and the journal, never for an answer. It holds neither keys nor expected
 * signatures, and nothing of what was sent but names of headers and numbers.
 */

/** The name of a reason. */
export type RefusalReason =
  | "address_not_allowed"
  | "path_token_missing"
  | "path_token_wrong"
  | "header_missing"
  | "header_doubled"
  | "header_malformed"
  | "timestamp_malformed"
  | "clock_off"
  | "signature_wrong"
  | "not_examined"
  | "credentials_missing"
  | "user_unknown"
  | "password_wrong"
  | "other_endpoint"
  | "not_open";

/** Why a request is refused. */
export interface Refusal {
  readonly reason: RefusalReason;
  /** What was found, in a sentence. */
  readonly what: string;
  /** What to do, in a sentence or two. */
  readonly fix: string;
  /**
   * The header whose signature was tried with every key in every way that could make it right.
   * Only that one may be kept readable: any other could be a right one, and be sent again.
   */
  readonly disprovedHeader: string | undefined;
}

/**
 * Joins what was found and what to do.
 *
 * @param refusal Why it is refused.
 * @returns One text.
 */
export function describeRefusal({ what, fix }: Refusal): string {
  return `${what} ${fix}`;
}

/** A request from where none may come: its signature is not looked at. */
export function refuseAddress(address: string): Refusal {
  return unproven(
    "address_not_allowed",
    `The address ${address} is not among the addresses of this endpoint.`,
    "Add it to 'addresses' if it is the platform's; behind a proxy, name the proxy in " +
      "'server.trustedProxies'.",
  );
}

/** A URL without its secret last segment, or with another one. */
export function refusePathToken(isMissing: boolean): Refusal {
  return isMissing
    ? unproven(
      "path_token_missing",
      "The URL ends without the endpoint's path token.",
      "In the platform, write the URL with '/' and the 'pathToken' of the config at its end.",
    )
    : unproven(
      "path_token_wrong",
      "The last part of the URL is not the endpoint's path token.",
      "Compare the URL in the platform with 'pathToken' in the config; a proxy must not change it.",
    );
}

/** Headers that the scheme needs. */
export function refuseMissing(names: readonly string[], headers: Headers, wanted: string): Refusal {
  const other = otherScheme(headers, wanted);
  const what = `The request has no header ${names.join(" and ")}.`;
  return other === undefined
    ? unproven(
      "header_missing",
      what,
      "Enter the key where the request is made; check that no proxy on the way removes the header.",
    )
    : unproven(
      "header_missing",
      `${what} It has ${other.has}.`,
      `It may come from another platform, or be meant for another endpoint: ${other.fix}.`,
    );
}

/** A header that stands there twice, or two sets of headers where one is wanted. */
export function refuseDoubled(names: string): Refusal {
  return unproven(
    "header_doubled",
    `The request has ${names} more than once, and which one counts is not told.`,
    "Find what adds it a second time: often a proxy, or a plug-in beside the platform's own.",
  );
}

/**
 * A header with a value that can't be right.
 *
 * @param name The header.
 * @param wanted What should stand there.
 * @param disprovedHeader The same header, where it was read in other encodings too and is right in
 * none.
 */
export function refuseMalformed(name: string, wanted: string, disprovedHeader?: string): Refusal {
  return {
    reason: "header_malformed",
    what: `The header ${name} can't be right: wanted ${wanted}.`,
    fix: "Check how the sender writes it; nothing in it may be encoded, quoted or cut on the way.",
    disprovedHeader,
  };
}

/** A signature that is right and written in another way than it has to be. */
export function refuseEncoding(name: string, how: readonly string[], fix: string): Refusal {
  return unproven(
    "header_malformed",
    `The signature in ${name} is right, ${how.join(", ")}.`,
    fix,
  );
}

/** A timestamp that is none in seconds. */
export function refuseTimestamp(name: string, text: string): Refusal {
  const isMilliseconds = /^\d{13,14}$/.test(text);
  return unproven(
    "timestamp_malformed",
    isMilliseconds
      ? `The header ${name} is in milliseconds, wanted seconds since 1970.`
      : `The header ${name} is no time, wanted whole seconds since 1970.`,
    isMilliseconds
      ? "Where it is signed, divide by 1000 and round down: Math.floor(Date.now() / 1000)."
      : "Write it as digits alone, and sign the same text.",
  );
}

/**
 * A timestamp beyond the tolerance.
 *
 * @param ageSeconds How old the message is by this machine's clock; below 0 when it is of later.
 * @param toleranceSeconds What is allowed.
 */
export function refuseClock(ageSeconds: number, toleranceSeconds: number): Refusal {
  const seconds = Math.abs(ageSeconds);
  const where = ageSeconds > 0 ? "ago" : "ahead";
  return unproven(
    "clock_off",
    `By its timestamp it was signed ${seconds} seconds ${where}; ${toleranceSeconds} are allowed.`,
    ageSeconds > 0
      ? "Set the clocks of both machines by NTP; a message that was held up or replayed must be " +
        "signed anew."
      : "Set the clocks of both machines by NTP: the sender's is ahead, or this one is behind.",
  );
}

/**
 * A signature that none of the keys makes.
 *
 * @param header The header that has it.
 * @param fingerprints The keys that were tried.
 * @param noun What the config calls a key.
 * @param hint What to do.
 */
export function refuseSignature(
  header: string,
  fingerprints: readonly string[],
  noun: "key" | "secret",
  hint =
    `Compare the ${noun} with the one in the platform; then check whether a proxy on the way ` +
    "changes the body.",
): Refusal {
  const which = fingerprints.length === 1
    ? `the ${noun} ${fingerprints[0]}`
    : `any of the ${fingerprints.length} ${noun}s (${fingerprints.join(", ")})`;
  return {
    reason: "signature_wrong",
    what: `The signature was not made with ${which} over these bytes.`,
    fix: hint,
    disprovedHeader: header,
  };
}

/** A signature that is right at another endpoint. */
export function refuseAt(path: string): Refusal {
  return unproven(
    "other_endpoint",
    `The signature is right for the endpoint ${path}, not for this one.`,
    "Write that path into the URL in the platform, or give this endpoint the same key.",
  );
}

/** A signature of which not every form was tried. */
export function refuseUnexamined(why: "size" | "budget", maxBytes: number): Refusal {
  return unproven(
    "not_examined",
    why === "size"
      ? `The signature does not match the raw bytes, and the body has more than ${maxBytes} ` +
        "bytes: its sorted forms were not tried."
      : "The signature does not match the raw bytes; its sorted forms were not tried, since " +
        "too much with wrong signatures came lately.",
    why === "size"
      ? "If it is the platform's, raise 'auth.maxCanonicalBytes'."
      : "If it is the platform's, it is sent again; let only its 'addresses' in, and name your " +
        "proxies in 'server.trustedProxies'.",
  );
}

/** No header of HTTP Basic, or one that can't be read. */
export function refuseCredentials(headers: Headers): Refusal {
  const given = headers.get("authorization");
  if (given === null) return refuseMissing(["Authorization"], headers, "basic");
  return unproven(
    "credentials_missing",
    /^basic\b/i.test(given)
      ? "The header Authorization can't be read: wanted 'Basic' and 'user:password' in Base64."
      : "The header Authorization is of another scheme, wanted 'Basic'.",
    "Enter the user name and the password in the platform, in their own fields.",
  );
}

/** A user name or a password of HTTP Basic that is wrong. */
export function refuseLogin(isUsername: boolean): Refusal {
  return isUsername
    ? unproven(
      "password_wrong",
      "The user name is right, the password is wrong.",
      "Enter the password of the config in the platform; look for blanks at its ends.",
    )
    : unproven(
      "user_unknown",
      "The user name is not the one of this endpoint.",
      "Enter the user name of the config in the platform; upper and lower case count.",
    );
}

/** An endpoint that could not be opened lets nobody in. */
export function refuseEverybody(): Refusal {
  return unproven("not_open", "Nobody is let in here.", "Correct the config: storehook check");
}

function unproven(reason: RefusalReason, what: string, fix: string): Refusal {
  return { reason, what, fix, disprovedHeader: undefined };
}

interface OtherScheme {
  readonly scheme: string;
  readonly header: RegExp;
  readonly has: string;
  readonly fix: string;
}

const SCHEMES: readonly OtherScheme[] = [
  {
    scheme: "standard-webhooks",
    header: /^(?:webhook|svix)-signature$/,
    has: "a signature of Standard Webhooks or Svix",
    fix: "there, 'auth' is of the type 'standard-webhooks'",
  },
  {
    scheme: "emporix-signature",
    header: /^emporix-event-signature$/,
    has: "a signature of Emporix's HTTP provider",
    fix: "there, 'auth' is of the type 'emporix'",
  },
  {
    scheme: "x-signature",
    header: /^x-signature$/,
    has: "an X-Signature header",
    fix: "the endpoints that take it have 'signatureKeys'",
  },
  {
    scheme: "basic",
    header: /^authorization$/,
    has: "an Authorization header",
    fix: "there, 'auth' is of the type 'basic'",
  },
];

/** What the request has instead, where that tells of another scheme. */
function otherScheme(headers: Headers, wanted: string): OtherScheme | undefined {
  const names = [...headers.keys()];
  return SCHEMES.find(({ scheme, header }) =>
    scheme !== wanted && names.some((name) => header.test(name))
  );
}
