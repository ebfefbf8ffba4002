import type { TlsPair } from "../tls/tls_pair.ts";
import type { ConnectionLimits } from "../gate/connections.ts";

/** Answers a request of a connection that came from an address. */
export type Answer = (request: Request, remoteAddress: string) => Promise<Response>;

/** Where to listen, and the limits of connections. */
export interface ListenerSettings extends ConnectionLimits {
  readonly hostname: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** What listens. */
export interface Listener {
  /** Where, e.g. `https://192.0.2.7:8443`. */
  readonly url: string;
  /** Takes no more connections, lets requests finish, closes every connection. */
  shutdown(): Promise<void>;
  /**
   * Shows new connections another certificate; those that are there keep theirs. Nothing changes
   * where it is the one in use, or where no HTTPS is spoken.
   */
  renew(tls: TlsPair): void;
}
