/** The config's sections: the one place for their keys, bounds, defaults and descriptions. */
import * as z from "zod";
import { consoleSection } from "./console.ts";
import { DEFAULT_TIME_LIMIT_MS } from "../rules/cel/evaluation.ts";
import { filePath, milliseconds, publicHttpUrl, timeZoneSetting } from "../util/settings.ts";
import { type DestinationSettings, destinationSettings } from "../forward/settings.ts";
import { type LogSettings, logSettings } from "../observe/settings.ts";
import { journalSection } from "../journal/settings.ts";
import { serviceSettings } from "../services/service.ts";
import { tableSettings } from "../rules/tables/rule_table.ts";
import { parseNetwork, plainAddress } from "../util/addresses.ts";
import type { TlsFiles } from "../http/listen/tls.ts";
import type { ForwardSetting } from "./endpoints/forwarding.ts";

const hostname = z.string().regex(/^[^\s/]+$/, "wanted a host name or an IP address")
  .refine(
    isListenable,
    "wanted a host name or an IP address without a port; 0.0.0.0 stands for every address of " +
      "this machine",
  );

const port = z.int().min(0).max(65535);

const network = z.string().refine(
  (text) => parseNetwork(text) !== undefined,
  "wanted an address such as 192.0.2.7 or a network such as 192.0.2.0/24 or 2001:db8::/32, " +
    "without a bit set behind the prefix",
);

/** `addresses` of an endpoint. */
export const addresses = z.array(network).min(1).optional().meta({
  description: "From where requests may come: addresses and networks, of IPv4 and IPv6. " +
    "Others get a 401. Without it: from everywhere.",
});

/** `rate` of an endpoint. */
export const rate = z.strictObject({
  perSecond: z.number().min(0.001).max(100_000).meta({
    description: "How many verified requests it answers in a second. Others get a 429.",
  }),
  burst: z.int().min(1).max(100_000).optional().meta({
    description: "How many it answers at once after a pause. Without it: those of one second.",
  }),
}).optional().meta({
  description: "How often it answers. Without it: as often as it is asked.",
});

/** `server.allowedHosts` and `admin.allowedHosts`. */
export const allowedHosts = z.array(
  z.string().regex(/^(?:\*|[^\s/:*]+|[\da-f:.]+)$/i, "wanted a host name without a port, or *"),
).default([]).meta({
  description:
    "Further names under which it is asked, beside those of this machine, hostname and " +
    "that of server.publicUrl; * is every one. Asked for anything but a delivery or an exported " +
    "list under another one, it answers 421: so no page in a browser reads what it says.",
});

/** `server.trustedProxies`. */
export const trustedProxies = z.array(network).default([]).meta({
  description: "Addresses and networks of the reverse proxies whose X-Forwarded-For is believed.",
});

/** `server.tls`. */
function tlsSettings(file: z.ZodString) {
  return z.strictObject({
    certificate: file.meta({
      description: "The file of the certificate and of those that lead to a known one, in PEM " +
        "form. A relative path starts at the folder of the config.",
    }),
    key: file.meta({ description: "The file of its private key, in PEM form." }),
  }).optional().meta({
    description: "The certificate with which the server speaks HTTPS. Without it: HTTP.",
  });
}

/** `server`: what the outside reaches. */
export const serverSection = z.strictObject({
  hostname: hostname.default("127.0.0.1").meta({
    description: "The address to listen on. 127.0.0.1 is reached from this machine alone, " +
      "0.0.0.0 from everywhere.",
  }),
  port: port.default(8080).meta({
    description: "The port to listen on. 0 takes a free one.",
  }),
  publicUrl: publicHttpUrl
    .transform((url) => url.replace(/\/+$/, ""))
    .optional().meta({
      description: "How others reach this server, e.g. through a reverse proxy. " +
        "Without it: http:// with the host name and the port, https:// with server.tls.",
    }),
  allowedHosts,
  tls: tlsSettings(filePath),
  trustedProxies,
  maxBodyBytes: z.int().min(1).max(1_073_741_824).default(6_291_456).meta({
    description: "The largest body of a request, in bytes. A larger one is answered with 413.",
  }),
  bodyTimeoutMs: milliseconds.default(10_000).meta({
    description: "How long the body of a request may take, in milliseconds. " +
      "A slower one is answered with 408.",
  }),
  maxPendingBodyBytes: z.int().min(1).max(68_719_476_736).default(268_435_456).meta({
    description: "How many bytes of bodies may be in memory whose senders are not verified yet. " +
      "One more is answered with 503, or the slowest is. One body of maxBodyBytes always may be.",
  }),
  maxPendingBodyBytesPerAddress: z.int().min(1).max(68_719_476_736).default(67_108_864).meta({
    description: "How many of these bytes may come from one address. One more is answered with " +
      "429, or the slowest is.",
  }),
  decisionTimeoutMs: milliseconds.default(DEFAULT_TIME_LIMIT_MS).meta({
    description:
      "How long the rules of a delivery may walk through its lists, and match patterns with long " +
      "texts, in milliseconds. " +
      "A rule that takes longer has failed: it does not match.",
  }),
  maxInFlight: z.int().min(1).max(1_000_000).default(512).meta({
    description: "How many requests are worked on at a time. One more is answered with 503.",
  }),
  maxConnections: z.int().min(1).max(1_000_000).default(2000).meta({
    description: "How many connections there may be beyond loopback or with TLS, and everywhere " +
      "how many bodies on their way. For one more, one of the address that has most is closed: " +
      "that which has waited longest, or sends slowest.",
  }),
  headTimeoutMs: milliseconds.default(10_000).meta({
    description: "How long a new connection may take for the head of its first request, in " +
      "milliseconds, beyond loopback or with TLS.",
  }),
  idleTimeoutMs: milliseconds.default(120_000).meta({
    description: "How long a connection may stay without a request, in milliseconds, beyond " +
      "loopback or with TLS.",
  }),
});

const adminSection = z.strictObject({
  hostname: hostname.default("127.0.0.1").meta({
    description: "The address of the listener for the people who run the server.",
  }),
  port: port.default(8081).meta({ description: "Its port. 0 takes a free one." }),
  allowedHosts,
});

/** What every endpoint has beside the settings of its kind. */
export const endpointBase = z.looseObject({
  path: z.string("wanted a path such as /ustore/order-approval")
    .regex(/^\//, "wanted a path that starts with /")
    .regex(/^[^\s?#]*$/, "wanted a path without spaces, a query and a fragment")
    .refine(isNormalized, "wanted a normalized path, without //, . and .. and a slash at its end")
    .meta({ description: "The path of the URL, e.g. /ustore/order-approval." }),
  kind: z.string().meta({ description: "What answers there." }),
  addresses,
  rate,
  forward: z.array(z.union([
    z.string(),
    z.strictObject({
      to: z.string().meta({ description: "The name of a destination." }),
      when: z.string().min(1).meta({
        description: "A CEL expression over the event; only those for which it is true go there.",
      }),
    }),
  ])).optional().meta({
    description: "The names of the destinations to which events go, each with or without a filter.",
  }),
});

/**
 * The whole config, but for what the kind of each endpoint adds to it. What many configs have none of
 * is described when one is judged, or shown.
 */
export const configSchema = z.strictObject({
  $schema: z.string().optional().meta({
    description: "Where editors find the JSON Schema of this file.",
  }),
  timeZone: timeZoneSetting,
  server: serverSection.prefault({}).meta({ description: "The public listener." }),
  admin: adminSection.prefault({}).meta({ description: "The listener for those who run it." }),
  journal: journalSection.prefault({}).meta({ description: "What is kept of every delivery." }),
  log: logSettings.prefault({}).meta({
    description: "What the program tells those who run it.",
  }),
  tests: z.array(z.string().min(1)).max(100).default([]).meta({
    description:
      "Files of rule tests, e.g. tests/*.json. A config whose tests fail is not taken over.",
  }),
  console: consoleSection.prefault({}).meta({
    description: "Who may sign in to the console, on the admin listener.",
  }),
  define: z.record(z.string().min(1), z.string().min(1)).default({}).meta({
    description: "Names for CEL expressions, which rules, tables and filters may use.",
  }),
  tables: z.record(z.string().min(1), z.lazy(tableSettings)).default({}).meta({
    description: "Tables whose rows are rules, or in which rules look something up, by name.",
  }),
  endpoints: z.array(endpointBase).default([]).meta({
    description: "The paths that answer, each with the kind of webhook that it takes.",
  }),
  services: z.record(z.string().min(1), z.lazy(serviceSettings)).default({}).meta({
    description: "Third parties that rules can ask, by name.",
  }),
  destinations: z.record(z.string().min(1), z.lazy(destinationSettings)).default({}).meta({
    description: "Where deliveries are forwarded, by name.",
  }),
});

function isNormalized(path: string): boolean {
  const url = URL.parse(path, "http://host");
  const hasOddSlash = path.includes("//") || (path.length > 1 && path.endsWith("/"));
  return url !== null && url.pathname === path && !hasOddSlash;
}

type Sections = z.output<typeof configSchema>;

/** One endpoint, as the config describes it. */
export interface ConfiguredEndpoint {
  readonly path: string;
  readonly kind: string;
  /** To which destinations its events go. */
  readonly forward: readonly ForwardSetting[];
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
  readonly log: LogSettings;
  readonly console: Sections["console"];
  readonly services: Sections["services"];
  readonly destinations: Readonly<Record<string, DestinationSettings>>;
  /** Files of rule tests, as the config names them. */
  readonly tests: readonly string[];
  readonly endpoints: readonly ConfiguredEndpoint[];
}

/** Whether an address or a name is written as one; whether this machine has it, listening tells. */
function isListenable(text: string): boolean {
  if (text.includes(":") || /^\d+(?:\.\d+){3}$/.test(text)) {
    return plainAddress(text.replace(/^\[(.*)\]$/, "$1")) !== undefined;
  }
  return /^[\p{L}\p{N}._-]+$/u.test(text);
}
