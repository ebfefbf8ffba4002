/** The journal can't be written (or read) just now: the answer to a delivery is 503. */
export class JournalUnavailable extends Error {
  override readonly name = "JournalUnavailable";
}

/** The journal can't be opened, and trying again would not help: see the message. */
export class JournalNotOpened extends Error {
  override readonly name = "JournalNotOpened";
}
