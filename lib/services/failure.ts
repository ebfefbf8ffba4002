/** Why a service gave no answer that can be used. */
export type FailureKind =
  /** It was not asked: the breaker is open. */
  | "breaker_open"
  | "timeout"
  /** There was no connection, or it broke off. */
  | "connection"
  /** Another status than 200, or a 400 that is no refusal. */
  | "status"
  | "too_large"
  /** The answer's signature is missing or wrong. */
  | "signature"
  | "not_json"
  /** It answered in another form, or something that the config does not know. */
  | "wrong_answer";

/** A service gave no answer that can be used. The message holds no secret and nothing it sent. */
export class ServiceFailure extends Error {
  override readonly name = "ServiceFailure";

  /**
   * @param kind Which failure.
   * @param message What happened, for a sentence that begins with the service's name.
   * @param options The HTTP status, `null` where there was none, and the error behind it.
   */
  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly options: { readonly status?: number; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
  }

  /** The HTTP status of the answer; `null` where there was none. */
  get status(): number | null {
    return this.options.status ?? null;
  }
}

/** A service answered in another form, or something that the config does not know. */
export class WrongAnswer extends Error {
  override readonly name = "WrongAnswer";

  /** @param reason What is wrong, for a sentence such as `it answered …`, without personal data. */
  constructor(readonly reason: string) {
    super(`Cannot use the answer: ${reason}`);
  }
}
