/** Settings that several sections of a config have. */
import * as z from "zod";
import { lazy } from "./memory.ts";
import { isTimeZone, nearestTimeZones } from "./time_zone.ts";

/** What the text of a path may not hold: `"data\new"` is a line break that was meant as a folder. */
export const filePath = z.string().min(1)
  .regex(/^\P{Cc}*$/u, "wanted a path without control characters; write a backslash twice");

/** A time in milliseconds, an hour at most. */
export const milliseconds = z.int().min(1).max(3_600_000);

/** By which proxy something is reached. */
export const proxySetting = lazy(() =>
  z.string().default("none").refine(isProxy, {
    error: "wanted none, environment, or a URL such as http://proxy.example:3128",
  }).meta({
    description: "By which proxy it is reached: none, environment (HTTP_PROXY, HTTPS_PROXY, " +
      "ALL_PROXY, NO_PROXY), or a URL with http://, https:// or socks5://. What is on this machine is " +
      "never reached by one.",
  })
);

/** Whose certificates are trusted. */
export const authorityFile = lazy(() =>
  filePath.optional().meta({
    description:
      "A file with the certificates of private authorities in PEM form, trusted beside " +
      "those of the machine. A relative path starts at the folder of the config.",
  })
);

function isProxy(text: string): boolean {
  if (text === "none" || text === "environment") return true;
  const url = URL.parse(text);
  return url !== null && /^(?:https?|socks5h?):$/.test(url.protocol) && url.hostname !== "" &&
    /^\/?$/.test(url.pathname) && url.search === "" && url.hash === "";
}

/** A URL over HTTP or HTTPS with a host name, as a setting. */
export const httpUrl = lazy(() =>
  z.url({
    protocol: /^https?$/,
    hostname: /^\S+$/,
    error: "wanted a URL that starts with http:// or https://",
  })
);

/**
 * Where others reach something, as a setting. Paths are put behind it, and people and stores get to
 * see it: it ends with its path, and holds no password.
 */
export const publicHttpUrl = httpUrl().regex(
  /^[^:]*:[\\/]*(?![\\/])[^@\\/?#]*(?:[\\/][^?#]*)?$/,
  "wanted a URL without user:password@, a query and a fragment, such as https://hooks.example/base",
);

/** `timeZone`: the zone of times that say none. */
export const timeZoneSetting = z.string().check(({ value, issues }) => {
  if (isTimeZone(value)) return;
  issues.push({
    code: "custom",
    input: value,
    message: "wanted the IANA name of a time zone, such as Europe/Berlin or America/New_York",
    params: { near: nearestTimeZones(value) },
  });
}).optional().meta({
  description:
    "The IANA time zone of times that say none, e.g. `Europe/Berlin`; else the machine's.",
});
