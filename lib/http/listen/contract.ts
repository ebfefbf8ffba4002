import type { Connection, ConnectionLimits } from "../gate/connections.ts";
import type { GateOptions } from "../gate/gate.ts";
import type { TlsPair } from "../tls/tls_pair.ts";

/** A connection of a client. */
export interface Peer {
  readonly remoteAddress: string;
  /** What is told of bodies on their way, where connections are limited. */
  readonly connection?: Pick<Connection, "receive">;
}

/** Answers a request of a connection. */
export type Respond = (request: Request, peer: Peer) => Promise<Response>;

/** Where to listen, and the limits of connections. */
export interface ListenerSettings extends ConnectionLimits {
  readonly hostname: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** Where to listen, the limits of connections, and whose they are. */
export interface ListenOptions extends ListenerSettings, Pick<GateOptions, "isProxy"> {}

/** What listens. */
export interface Listener {
  /** Where, e.g. `https://192.0.2.7:8443`. */
  readonly url: string;
  /**
   * Takes no more connections, while requests of those that are there go on; `undefined` where the
   * runtime can't. What is returned closes connections that have been without a request for so
   * long, and says how many stay.
   */
  readonly close?: () => (idleMs: number) => number;
  /** Takes no more connections, lets requests finish, closes every connection. */
  shutdown(): Promise<void>;
  /**
   * Shows new connections another certificate; those that are there keep theirs. Nothing changes
   * where it is the one in use, or where no HTTPS is spoken.
   */
  renew(tls: TlsPair): void;
}
