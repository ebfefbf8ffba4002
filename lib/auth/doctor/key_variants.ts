import {
  type Bytes,
  looseBase64,
  looseHex,
  singleBytes,
  utf16,
  utf8,
  type Variant,
  type VariantForm,
} from "./variants.ts";

/** Another key that someone might have made of the key's text; `undefined` where none. */
export interface KeyVariant extends Variant {
  derive(key: string): Bytes | undefined;
  /** Where there are several. */
  deriveAll?(): readonly Bytes[];
}

const STRAY = [
  ["lf", "a line feed", "\n"],
  ["crlf", "CRLF", "\r\n"],
  ["cr", "a carriage return", "\r"],
  ["space", "a space", " "],
  ["tab", "a tab", "\t"],
  ["no-break-space", "a no-break space", "\u00a0"],
  ["zero-width-space", "a zero-width space", "\u200b"],
] as const;

/** What a variable may be called that holds the key. */
const VARIABLES = ["USTORE_KEY", "USTORE_SIGNATURE_KEY", "SIGNATURE_KEY"] as const;
const PLACEHOLDERS = [
  ["percent", (name: string) => `%${name}%`],
  ["dollar", (name: string) => `$${name}`],
  ["braces", (name: string) => `\${${name}}`],
] as const;

/** Characters of control and of format, which nobody sees. */
const UNSEEN = /[\p{Cc}\p{Cf}\u00a0]/gu;

const TRIM = "Remove the stray characters from the key on the side that made the signature: " +
  "it often comes from copying, from echo without -n, or from the file that holds the key.";
const AS_TEXT = "Use the key's text as it is, in UTF-8, and do not decode it.";
const AS_UTF8 = "Turn the key into bytes with UTF-8 (in .NET Encoding.UTF8.GetBytes).";

/** What is done to keys, the likely first. */
export const KEY_VARIANTS: readonly KeyVariant[] = [
  {
    id: "key-trimmed",
    what: "with the key without the white space or byte order mark around it",
    fix: "Remove the stray characters around the key given here, or in the config or " +
      "variable it comes from.",
    derive: (key) => differs(key, key.trim()),
  },
  {
    id: "key-without-unseen",
    what: "with the key without the characters in it that nobody sees",
    fix: "Type the key anew where it is given here, or in the config or variable it comes from: " +
      "such characters come along when one copies from a page or a mail.",
    derive: (key) => differs(key.trim(), key.trim().replaceAll(UNSEEN, "")),
  },
  ...STRAY.map(([id, name, stray]): KeyVariant => ({
    id: `key-with-${id}-after`,
    what: `with the key followed by ${name}`,
    fix: TRIM,
    derive: (key) => utf8(key + stray),
  })),
  ...STRAY.map(([id, name, stray]): KeyVariant => ({
    id: `key-with-${id}-before`,
    what: `with the key preceded by ${name}`,
    fix: TRIM,
    derive: (key) => utf8(stray + key),
  })),
  {
    id: "key-with-bom-before",
    what: "with the key preceded by a byte order mark",
    fix: "Save the file that holds the key as UTF-8 without BOM.",
    derive: (key) => utf8(`\ufeff${key}`),
  },
  {
    id: "key-from-base64",
    what: "with the key decoded as Base64",
    fix: `${AS_TEXT} Convert.FromBase64String or Buffer.from(key, "base64") is wrong here.`,
    derive: (key) => nonEmpty(looseBase64(key.trim())),
  },
  {
    id: "key-from-hex",
    what: "with the key decoded as hex",
    fix: `${AS_TEXT} Convert.FromHexString or Buffer.from(key, "hex") is wrong here.`,
    derive: (key) => looseHex(key.trim()),
  },
  {
    id: "key-to-base64",
    what: "with the key encoded in Base64",
    fix: "Give the key itself: a Kubernetes Secret, for one, shows it encoded in Base64.",
    derive: (key) => utf8(utf8(key).toBase64()),
  },
  {
    id: "key-in-quotes",
    what: "with the key in double quotes",
    fix: "Remove the quotes around the key where it is set: cmd.exe and Docker's env files keep " +
      "them as part of the value.",
    derive: (key) => utf8(`"${key}"`),
  },
  {
    id: "key-without-quotes",
    what: "with the key without the quotes around it",
    fix: "Remove the quotes around the key given here, or in the config or variable it comes from.",
    derive: (key) => differs(key, key.replace(/^(["'])(.+)\1$/s, "$2")),
  },
  {
    id: "key-empty",
    what: "with an empty key",
    fix: "Set the key where the signature is made: the setting or environment variable was not " +
      "read.",
    // HMAC fills a key up with zeros, so one zero byte is the empty key, which can't be imported.
    derive: () => new Uint8Array(1),
  },
  ...PLACEHOLDERS.map(([id, write]): KeyVariant => ({
    id: `key-placeholder-${id}`,
    what: `with the name of a variable, such as ${write("USTORE_KEY")}, in the place of the key`,
    fix: "Set the key itself where the signature is made: the variable was not filled in.",
    derive: () => undefined,
    deriveAll: () => VARIABLES.map((name) => utf8(write(name))),
  })),
  {
    id: "key-utf16",
    what: "with the key in UTF-16",
    fix: `${AS_UTF8} Encoding.Unicode is UTF-16.`,
    derive: (key) => utf16(key),
  },
  {
    id: "key-latin1",
    what: "with the key in Latin-1",
    fix: AS_UTF8,
    derive: (key) => singleBytes(key, 0xff),
  },
  {
    id: "key-ascii",
    what: "with the key in ASCII, with ? for every other character",
    fix: AS_UTF8,
    derive: (key) => singleBytes(key, 0x7f),
  },
];

/**
 * The keys that might have been used instead of one.
 *
 * @param key The key's text.
 * @returns The key as it is, then its variants.
 */
export function keyForms(key: string): readonly VariantForm<Bytes>[] {
  const forms: VariantForm<Bytes>[] = [{ value: utf8(key), variants: [] }];
  for (const variant of KEY_VARIANTS) {
    const value = variant.derive(key);
    if (value !== undefined) forms.push({ value, variants: [variant] });
    for (const other of variant.deriveAll?.() ?? []) {
      forms.push({ value: other, variants: [variant] });
    }
  }
  return forms;
}

function differs(key: string, changed: string): Bytes | undefined {
  return changed === key || changed === "" ? undefined : utf8(changed);
}

function nonEmpty(bytes: Bytes | undefined): Bytes | undefined {
  return bytes?.length === 0 ? undefined : bytes;
}
