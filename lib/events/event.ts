/** One fact inside a delivery: news that a platform sends, to be kept and handed on. */
export interface ReceivedEvent {
  /** The platform: `emporix`, `ultracart`, `webhooks`. */
  readonly source: string;
  /** Its type, e.g. `cart.created`, `order_create`; `""` where it could not be told. */
  readonly type: string;
  /** The types it may have, where it could not be told. */
  readonly candidates: readonly string[];
  /** What it is about, e.g. `cart/5c9a…`, `order/DEMO-0009103373`; `""` when nothing says so. */
  readonly subject: string;
  /**
   * What it is known by at its endpoint: the sender's own id where there is one, else a hash of its
   * content. Whether the same key again is the same event again, the rule for repeats tells.
   */
  readonly key: string;
  /** A hash of its content where `key` is the sender's own; the journal does not give it back. */
  readonly content?: string;
  /** When it happened, in milliseconds since the epoch, as the platform says it; else `null`. */
  readonly occurredAt: number | null;
  /** What does not fit the vendor's description, in words. Never a reason to refuse it. */
  readonly warnings: readonly string[];
  /** Its own bytes: the JSON text of this event alone, cut out of the body as it was sent. */
  readonly payload: Uint8Array<ArrayBuffer>;
}
