import * as z from "zod";

/** A URL over HTTP or HTTPS with a host name, as a setting. */
export const httpUrl = z.url({
  protocol: /^https?$/,
  hostname: /^\S+$/,
  error: "wanted a URL that starts with http:// or https://",
});
