import type { Arrival } from "../limits/arrivals.ts";
import type { Peer } from "../listen/contract.ts";

/** Who sent a request. */
export interface Sender {
  /** The address of the client, also behind trusted proxies. */
  readonly address: string;
  /** Its connection, where connections are limited. */
  readonly connection?: Peer["connection"];
  /** Its body on its way, or in memory while nobody knows whose it is. */
  arrival: Arrival | undefined;
}
