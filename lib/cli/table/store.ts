import type { CommandEntry, Listed, TextOption } from "../terminal/table.ts";
import {
  CONFIG,
  JSON_LINE,
  KEY,
  KEY_ENV,
  LANGUAGE,
  listKinds,
  loadHandlers,
  loadSampleConfig,
} from "./shared.ts";

/** `storehook sign`. */
export const signEntry: CommandEntry = {
  name: "sign",
  summary: "the X-Signature of a file's bytes",
  about: `Prints the X-Signature of the exact bytes of FILE, or of standard input for "-": Base64
of the HMAC-SHA512 with the key's UTF-8 bytes.`,
  words: [{ name: "FILE", isFile: true }],
  options: [KEY, KEY_ENV, JSON_LINE],
  needs: [[KEY, KEY_ENV]],
  examples: [
    "storehook sign --key-env USTORE_SIGNATURE_KEY order.json",
    "printf '{}' | storehook sign --key my-signature-key -",
  ],
  exits: { 0: "fine", 2: "wrong usage" },
  load: async () => (await import("../signature.ts")).signCommand,
};

const SIGNATURE: TextOption = {
  kind: "text",
  name: "signature",
  value: "S",
  mayBeEmpty: true,
  help: "the value of the X-Signature header",
  missing: "The signature is missing: give --signature S, the X-Signature header",
};

/** `storehook verify`. */
export const verifyEntry: CommandEntry = {
  name: "verify",
  summary: "whether a signature matches a file's bytes, and if not, why",
  about: `Verifies the value of an X-Signature header over the exact bytes of FILE, or of standard
input for "-". When it does not match, it tries the mistakes that are made with signatures and names
the one that made this one, and how to mend it.`,
  words: [{ name: "FILE", isFile: true }],
  options: [KEY, KEY_ENV, SIGNATURE, JSON_LINE],
  needs: [[KEY, KEY_ENV], [SIGNATURE]],
  examples: [
    'storehook verify --key-env USTORE_SIGNATURE_KEY --signature "$S" order.json',
  ],
  exits: { 0: "it matches", 1: "it does not", 2: "wrong usage" },
  load: async () => (await import("../signature.ts")).verifyCommand,
};

const TO: TextOption = { kind: "text", name: "to", value: "URL", help: "the endpoint's URL" };

async function listKeys(): Promise<readonly Listed[]> {
  return (await loadHandlers()).map(({ kind, sample }) => [kind, sample.sender.key]);
}

/** `storehook send`. */
export const sendEntry: CommandEntry = {
  name: "send",
  summary: "play the store or a platform: send a signed sample and check the answer",
  about: `Sends a signed document as the store does, or as the platform that events come from, and
checks the status, the signature and the shape of the answer. Without --body it sends the vendor's
own example.

An Emporix event's type belongs into the URL: --to https://hooks.example/emporix/cart.updated. That
of the example is added where the URL has none.`,
  words: [{ name: "KIND", values: listKeys, valuesHead: "KIND is one of, with its key K:" }],
  options: [
    TO,
    {
      ...KEY,
      help: "the key; without it, the first one that the config has for the endpoint at this URL",
    },
    KEY_ENV,
    {
      ...CONFIG,
      help: 'the config that the key is taken from, found as "serve" finds it',
    },
    {
      kind: "text",
      name: "body",
      value: "FILE",
      isFile: true,
      help: 'the document to send, byte by byte; "-" is standard input',
    },
    { ...LANGUAGE, preset: "en-US" },
    { ...JSON_LINE, help: "the result as one line of JSON" },
  ],
  needs: [[TO]],
  exits: { 0: "a good answer", 1: "a refusal or a bad answer or none", 2: "wrong usage" },
  load: async () => (await import("../send/send.ts")).sendCommand(await loadHandlers()),
};

/** `storehook sample`. */
export const sampleEntry: CommandEntry = {
  name: "sample",
  summary: 'a document of a kind, to change and try: what "send" and "explain" use without --body',
  about: `Prints the example of a kind, the vendor's own where there is one, as "send" sends it and
"explain" decides it without --body.`,
  words: [{ name: "KIND", values: listKinds }],
  options: [{ ...JSON_LINE, help: "the example as one line of JSON" }],
  examples: [
    "storehook sample ustore.order-approval > order.json",
    "storehook explain ustore.order-approval --body order.json",
  ],
  exits: { 0: "fine", 2: "wrong usage" },
  load: async () => (await import("../send/kind.ts")).sampleCommand(await loadHandlers()),
};

/** `storehook demo`. */
export const demoEntry: CommandEntry = {
  name: "demo",
  summary: "see it work: a server on a free port, and the store played against it",
  about: `Starts a server on a free port of this machine with a sample config and fresh keys, plays
the store and the platforms that events come from against each endpoint, once with the right key and
once as a stranger with a wrong one, and shows every answer and whether its signature is verified.
Needs no config and leaves nothing behind.`,
  options: [
    { ...JSON_LINE, help: "each request as one line of JSON" },
    {
      kind: "flag",
      name: "stay",
      help:
        "goes on until Ctrl+C, with a day of made-up traffic, and prints the link into its console",
    },
  ],
  exits: { 0: "every answer is as wanted", 1: "one is not", 2: "wrong usage" },
  load: async () =>
    (await import("../send/demo.ts")).demoCommand(
      await loadHandlers(),
      await loadSampleConfig(),
    ),
};

const DELIVERY: TextOption = {
  kind: "text",
  name: "delivery",
  value: "ID",
  help:
    'decides a recorded delivery again, by the rules as they are now; ID as "deliveries show" ' +
    "takes it",
};

/** `storehook explain`. */
export const explainEntry: CommandEntry = {
  name: "explain",
  summary: "which rule decides this order, and why, without a server",
  about: `Decides a document by the config as the server would, and shows rule by rule why. The
signature is not asked for. Without --body it decides the kind's example. Where a rule leaves the
decision to a service it says so; with --ask the service is really asked.

Of a body that brings events it shows each with its type, its key and its warnings, and to which
destinations it would go. An Emporix event's type belongs into the path:
--path /emporix/cart.updated.`,
  words: [{ name: "KIND", unless: DELIVERY, values: listKinds }],
  options: [
    {
      kind: "text",
      name: "body",
      value: "FILE",
      isFile: true,
      help: 'the document; "-" is standard input',
    },
    DELIVERY,
    {
      kind: "text",
      name: "path",
      value: "PATH",
      help: "where the body would be sent: chooses among several endpoints of the kind",
    },
    CONFIG,
    { ...LANGUAGE, help: "the language of messages", preset: "en" },
    { kind: "flag", name: "ask", help: "asks services as the server would" },
    { ...JSON_LINE, help: "the explanation as one line of JSON" },
  ],
  exits: {
    0: "it is answered or a service would be asked",
    1: "it is refused",
    2: "wrong usage or config",
  },
  load: async () => (await import("../explain/explain.ts")).explainCommand(await loadHandlers()),
};

const PUBLIC_URL: TextOption = {
  kind: "text",
  name: "to",
  value: "URL",
  help: "the endpoint's public URL, e.g. https://hooks.example/emporix",
};

/** `storehook emporix config`. */
export const emporixConfigEntry: CommandEntry = {
  name: "emporix config",
  summary: 'writes the "eventsConfiguration" of Emporix, a URL for each event type',
  about: `Writes the value of "eventsConfiguration" in the configuration of Emporix's HTTP provider:
each event type gets a URL of its own below the endpoint's, since the body of an event does not say
its type. Everything else of the configuration, its secret key above all, stays as it is.`,
  options: [
    PUBLIC_URL,
    {
      kind: "text",
      name: "events",
      value: "T,T",
      help: "the event types, e.g. cart.created,order.created (default: the seven cart events)",
    },
    JSON_LINE,
  ],
  needs: [[PUBLIC_URL]],
  examples: [
    "storehook emporix config --to https://hooks.example/emporix",
  ],
  exits: { 0: "fine", 2: "wrong usage" },
  load: async () => (await import("../send/kind.ts")).emporixConfigCommand,
};
