/** The settings of connections that are made from here. */
import * as z from "zod";
import { filePath } from "../files/file_path.ts";

/** By which proxy something is reached. */
export const proxySetting = z.string().default("none").refine(isProxy, {
  error: "wanted none, environment, or a URL such as http://proxy.example:3128",
}).meta({
  description: "By which proxy it is reached: none, environment (HTTP_PROXY, HTTPS_PROXY, " +
    "ALL_PROXY, NO_PROXY), or a URL with http://, https:// or socks5://. What is on this machine is " +
    "never reached by one.",
});

/** Whose certificates are trusted. */
export const authorityFile = filePath.optional().meta({
  description: "A file with the certificates of private authorities in PEM form, trusted beside " +
    "those of the machine. A relative path starts at the folder of the config.",
});

function isProxy(text: string): boolean {
  if (text === "none" || text === "environment") return true;
  const url = URL.parse(text);
  return url !== null && /^(?:https?|socks5h?):$/.test(url.protocol) && url.hostname !== "" &&
    /^\/?$/.test(url.pathname) && url.search === "" && url.hash === "";
}
