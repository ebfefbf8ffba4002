/** The section of the config for the console: who may sign in. */
import * as z from "zod";
import { ROLES } from "../journal/console.ts";
import { lazy } from "../util/memory.ts";
import { publicHttpUrl } from "../util/settings.ts";

/**
 * What `storehook console password` prints: the parameters, 16 bytes of salt or more, and a hash of
 * 32 bytes or more. The bounds keep a look at one password within 256 MB and a few seconds.
 */
export const PASSWORD_HASH =
  /^\$?scrypt\$ln=(1[0-7]),r=([1-9]|1[0-6]),p=([1-4])\$([A-Za-z0-9+/]{22,88})={0,2}\$([A-Za-z0-9+/]{43,88})={0,2}$/;

/** What `storehook console token` prints. */
export const TOKEN_HASH = /^(?:sha256\$)?[\da-f]{64}$/i;

const name = lazy(() =>
  z.string().min(1).max(64)
    .regex(
      /^[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N} ._@+-]*[\p{L}\p{M}\p{N}])?$/u,
      "wanted a name of letters and digits, with spaces and . _ @ + - between them",
    )
);

const role = lazy(() =>
  z.enum(ROLES).default("viewer").meta({
    description:
      "What may be done: a viewer sees no personal data, an operator sees it and acts, " +
      "an admin changes the config too.",
  })
);

const user = lazy(() =>
  z.strictObject({
    name: name().meta({ description: "The name with which the user signs in." }),
    password: z.string().regex(
      PASSWORD_HASH,
      "wanted a hash of the password, as storehook console password prints it",
    ).meta({
      description:
        "The hash of the user's password, as `storehook console password` prints it. Another one " +
        "ends the user's sessions.",
    }),
    role: role(),
  })
);

const token = lazy(() =>
  z.strictObject({
    name: name().meta({ description: "What the token is called in the audit." }),
    hash: z.string().regex(
      TOKEN_HASH,
      "wanted a hash of the token, as storehook console token prints it",
    ).meta({ description: "The hash of a token, as `storehook console token` prints it." }),
    role: role(),
  })
);

/** `console`: who may sign in. */
export const consoleSection = z.strictObject({
  publicUrl: publicHttpUrl.optional().meta({
    description: "How browsers reach the console, e.g. https://ops.example/storehook, where a " +
      "proxy stands before the admin listener. With https:// cookies are sent over HTTPS alone.",
  }),
  users: z.array(z.lazy(user)).check(eachNameOnce).default([]).meta({
    description: "Who may sign in with a password.",
  }),
  tokens: z.array(z.lazy(token)).check(eachNameAndTokenOnce).default([]).meta({
    description: "The bearer tokens of scripts that use the API.",
  }),
});

/** What {@linkcode consoleSection} makes of the config. */
export type ConsoleSettings = z.output<typeof consoleSection>;

function eachNameOnce(
  { value, issues }: z.core.ParsePayload<{ readonly name: string }[]>,
): void {
  const seen = new Set<string>();
  for (const [index, { name }] of value.entries()) {
    const known = name.normalize("NFKC").toLowerCase();
    if (seen.has(known)) {
      issues.push({
        code: "custom",
        input: name,
        path: [index, "name"],
        message: `found ${JSON.stringify(name)} twice, wanted each name once`,
      });
    }
    seen.add(known);
  }
}

/** In one check: a second one is not asked where the first has found something. */
function eachNameAndTokenOnce(
  tokens: z.core.ParsePayload<{ readonly name: string; readonly hash: string }[]>,
): void {
  eachNameOnce(tokens);
  eachTokenOnce(tokens);
}

/** Of two names the first one would be noted, and its role would hold, whoever sends the token. */
function eachTokenOnce(
  { value, issues }: z.core.ParsePayload<{ readonly name: string; readonly hash: string }[]>,
): void {
  const seen = new Map<string, string>();
  for (const [index, { name, hash }] of value.entries()) {
    const known = hash.replace(/^sha256\$/, "").toLowerCase();
    const first = seen.get(known);
    if (first !== undefined) {
      issues.push({
        code: "custom",
        input: hash,
        path: [index, "hash"],
        message: `found the token of ${JSON.stringify(first)}, wanted each token once`,
      });
    }
    seen.set(known, first ?? name);
  }
}
