import type * as z from "zod";
import type { DestinationSettings } from "../forward/settings.ts";
import type { TlsFiles } from "../http/listen/tls.ts";
import type { ForwardEntry } from "./endpoints/forwarding.ts";
import type { configSchema } from "./schema.ts";

type Sections = z.output<typeof configSchema>;

/** One endpoint, as the config describes it. */
export interface ConfiguredEndpoint {
  readonly path: string;
  readonly kind: string;
  /** To which destinations its events go. */
  readonly forward: readonly ForwardEntry[];
  /** What the kind's own schema made of the rest. Holds secrets: never print it. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A config without mistakes: complete, with absolute file paths. Holds secrets: never print it. */
export interface Config {
  /** The IANA name of the zone of times that say none. */
  readonly timeZone: string;
  /** Whether the config names that zone; else it is the one of the machine. */
  readonly isTimeZoneSet: boolean;
  readonly server: Omit<Sections["server"], "publicUrl" | "tls"> & {
    readonly publicUrl: string;
    readonly tls?: TlsFiles | undefined;
  };
  readonly admin: Sections["admin"];
  readonly journal: Sections["journal"];
  readonly log: Sections["log"];
  readonly services: Sections["services"];
  readonly destinations: Readonly<Record<string, DestinationSettings>>;
  readonly endpoints: readonly ConfiguredEndpoint[];
}
