/** Settings of who may connect, how often and by which certificate. */
import * as z from "zod";
import { parseNetwork } from "../util/addresses.ts";

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
export function tlsSettings(file: z.ZodString) {
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
