/** Who sent a delivery, as far as a signature tells. */
export interface Verified {
  /** Position of the key that verified, from 0, in the endpoint's list of keys. */
  readonly keyIndex: number;
  /** What matched, for the journal and the log, e.g. `key 1`. Never the key itself. */
  readonly by: string;
}

/** How a caller proves who it is, for the description of all HTTP. */
export type AuthScheme =
  | "x-signature"
  | "emporix-signature"
  | "standard-webhooks"
  | "basic"
  | "none";

/** The headers that a signature adds to an answer. */
export type SignatureHeaders = Readonly<Record<string, string>>;

/**
 * How one endpoint knows its caller, and how its caller knows the answer.
 *
 * Both work on bytes: on exactly those that were received and on exactly those that are written.
 */
export interface Authenticator {
  readonly scheme: AuthScheme;

  /**
   * The headers of a 401 that tell a caller how to prove who it is, such as `WWW-Authenticate`;
   * absent where no standard names one.
   */
  readonly challenge?: Readonly<Record<string, string>>;

  /**
   * Verifies a request.
   *
   * @param headers The request's headers.
   * @param body The exact bytes of the body.
   * @returns Who sent it, or `undefined` when no active key verifies; never throws for bad input.
   */
  verify(
    headers: Headers,
    body: Uint8Array<ArrayBuffer>,
  ): Verified | undefined | Promise<Verified | undefined>;

  /**
   * Signs an answer.
   *
   * @param body The exact bytes that will be written.
   * @param verified What {@linkcode Authenticator.verify} returned; without it the first key signs.
   * @returns The headers to add, empty where the platform wants no signature.
   */
  sign(
    body: Uint8Array<ArrayBuffer>,
    verified?: Verified,
  ): SignatureHeaders | Promise<SignatureHeaders>;
}
