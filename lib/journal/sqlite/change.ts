import type { WriteSession } from "./session.ts";

/** Writes within the transaction of its group. */
export type Change = (session: WriteSession) => void;

/** A change is wrong in itself: the journal could be written without it. */
export class ChangeRefused extends Error {
  override readonly name = "ChangeRefused";

  constructor(
    /** The change. */
    readonly change: Change,
    /** Why. */
    override readonly cause: RangeError,
  ) {
    super(cause.message);
  }
}
