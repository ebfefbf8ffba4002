import { basicHeaders } from "../event_sender.ts";
import type { Sender } from "../sender.ts";

const USERNAME = "ultracart";

/** Sends as UltraCart does: HTTP Basic, and nothing that tells one delivery from another. */
export const ultraCartSender: Sender = {
  key: "the user name and the password, user:password",
  status: 204,
  prepare: ({ url, key }) => ({
    url,
    headers: { "Content-Type": "application/json", ...basicHeaders(key) },
  }),
  newKey: () => `${USERNAME}:${crypto.randomUUID()}`,
  settings(key) {
    const colon = key.indexOf(":");
    const [username, password] = [key.slice(0, colon), key.slice(colon + 1)];
    return { auth: { type: "basic", username, password } };
  },
};
