/** A document on its way to an endpoint. */
export interface Sending {
  /** The endpoint's address, as it was given. */
  readonly url: string;
  /** The exact bytes that are sent. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** What the platform and the endpoint both know. */
  readonly key: string;
  /** The shopper's culture code, e.g. `en-US`. */
  readonly language: string;
  /** Whether it is the handler's own sample, of which is known what it tells. */
  readonly isSample: boolean;
}

/** What goes with the body. */
export interface Prepared {
  /** The address, with what the platform adds to it. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Whether an answer's signature is that of its bytes by the same key. */
export type AnswerSignature = "verified" | "missing" | "wrong";

/** How a platform sends: what stands in for it makes the same requests. */
export interface Sender {
  /** What a key is, for people. */
  readonly key: string;
  /** The status of a good answer. */
  readonly status: 200 | 204;
  /**
   * Signs a request as the platform does.
   *
   * @throws {RangeError} When the key has the wrong form. The message never holds it.
   */
  prepare(sending: Sending): Prepared | Promise<Prepared>;
  /** Judges an answer's signature; absent where the platform wants none. */
  readonly verify?: (
    headers: Headers,
    body: Uint8Array<ArrayBuffer>,
    key: string,
  ) => AnswerSignature | Promise<AnswerSignature>;
  /** Makes a fresh key. */
  newKey(): string;
  /** The settings of an endpoint that takes what is sent with this key. */
  settings(key: string): Readonly<Record<string, unknown>>;
}
