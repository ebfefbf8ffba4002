/** Signatures made wrongly, each by a crypto library that the program does not use. */
import { Buffer } from "node:buffer";
import { createHash, createHmac } from "node:crypto";

/** One wrong signature, with what is held against it. */
export interface Case {
  readonly variant: string;
  readonly signature: string;
  readonly body: string | Uint8Array;
  readonly key?: string;
}

type Data = string | Uint8Array;

export const KEY = "my-signature-key";
export const COMPACT = `{"Name":"Müller & <Söhne> 'A+B'","Path":"a/b \\"c\\"","Ids":[1,2]}`;
const DOCUMENT: unknown = JSON.parse(COMPACT);
const PRETTY = JSON.stringify(DOCUMENT, null, 2);
const BOM = "\ufeff";

/** A right signature over other bytes or with another key. */
export function hmac(body: Data, key: Data = KEY, hash = "sha512"): string {
  return createHmac(hash, key).update(body).digest("base64");
}

function hash(body: Data, algorithm = "sha512"): string {
  return createHash(algorithm).update(body).digest("base64");
}

function hex(base64: string): string {
  return Buffer.from(base64, "base64").toString("hex");
}

function utf16(text: string): Uint8Array {
  return Buffer.from(text, "utf16le");
}

const RIGHT = hmac(COMPACT);

export const BODY_CASES: readonly Case[] = [
  { variant: "body-without-bom", signature: hmac(COMPACT), body: BOM + COMPACT },
  { variant: "body-with-bom", signature: hmac(BOM + COMPACT), body: COMPACT },
  { variant: "body-crlf-to-lf", signature: hmac("{\n}\n"), body: "{\r\n}\r\n" },
  { variant: "body-lf-to-crlf", signature: hmac("{\r\n}\r\n"), body: "{\n}\n" },
  { variant: "body-without-last-line-end", signature: hmac(COMPACT), body: `${COMPACT}\n` },
  { variant: "body-without-last-line-end", signature: hmac(COMPACT), body: `${COMPACT}\r\n` },
  { variant: "body-with-lf", signature: hmac(`${COMPACT}\n`), body: COMPACT },
  { variant: "body-with-crlf", signature: hmac(`${COMPACT}\r\n`), body: COMPACT },
  { variant: "body-trimmed", signature: hmac(COMPACT), body: `  ${COMPACT}\n\n` },
  { variant: "body-empty", signature: hmac(""), body: COMPACT },
  { variant: "body-as-json-string", signature: hmac(JSON.stringify(COMPACT)), body: COMPACT },
  { variant: "body-utf16", signature: hmac(utf16(COMPACT)), body: COMPACT },
  { variant: "body-utf16", signature: hmac(utf16(COMPACT)), body: BOM + COMPACT },
  { variant: "body-utf16-bom", signature: hmac(utf16(BOM + COMPACT)), body: COMPACT },
  { variant: "body-saved-as-utf16", signature: hmac(COMPACT), body: utf16(BOM + COMPACT) },
  { variant: "body-latin1", signature: hmac(Buffer.from(COMPACT, "latin1")), body: COMPACT },
  { variant: "body-ascii", signature: hmac(COMPACT.replaceAll(/[üö]/g, "?")), body: COMPACT },
];

const SYSTEM_TEXT_JSON =
  String.raw`{"Name":"M\u00FCller \u0026 \u003CS\u00F6hne\u003E \u0027A\u002BB\u0027",` +
  String.raw`"Path":"a/b \u0022c\u0022","Ids":[1,2]}`;
const PHP = String.raw`{"Name":"M\u00fcller & <S\u00f6hne> 'A+B'","Path":"a\/b \"c\"","Ids":[1,2]}`;
const PYTHON = String
  .raw`{"Name": "M\u00fcller & <S\u00f6hne> 'A+B'", "Path": "a/b \"c\"", "Ids": [1, 2]}`;

export const JSON_CASES: readonly Case[] = [
  { variant: "json-compact", signature: hmac(COMPACT), body: PRETTY },
  ...([2, 4, "\t"] as const).flatMap((indent): Case[] => {
    const text = JSON.stringify(DOCUMENT, null, indent);
    const name = `json-indented-${indent === "\t" ? "tab" : indent}`;
    return [
      { variant: name, signature: hmac(text), body: COMPACT },
      { variant: `${name}-crlf`, signature: hmac(text.replaceAll("\n", "\r\n")), body: COMPACT },
    ];
  }),
  {
    variant: "json-spaced",
    signature: hmac('{"a": [1, {"b": "x, y: z"}]}'),
    body: `{"a":[1,{"b":"x, y: z"}]}`,
  },
  { variant: "json-spaced+json-ascii", signature: hmac(PYTHON), body: COMPACT },
  {
    variant: "json-ascii",
    signature: hmac(COMPACT.replace("ü", "\\u00fc").replace("ö", "\\u00f6")),
    body: COMPACT,
  },
  { variant: "json-system-text-json", signature: hmac(SYSTEM_TEXT_JSON), body: COMPACT },
  {
    variant: "json-compact+json-system-text-json",
    signature: hmac(SYSTEM_TEXT_JSON),
    body: PRETTY,
  },
  { variant: "json-php", signature: hmac(PHP), body: COMPACT },
];

const STRAY = { lf: "\n", crlf: "\r\n", cr: "\r", space: " ", tab: "\t" };

export const KEY_CASES: readonly Case[] = [
  ...Object.entries(STRAY).flatMap(([name, stray]): Case[] => [
    { variant: `key-with-${name}-after`, signature: hmac(COMPACT, KEY + stray), body: COMPACT },
    { variant: `key-with-${name}-before`, signature: hmac(COMPACT, stray + KEY), body: COMPACT },
    { variant: "key-trimmed", signature: RIGHT, body: COMPACT, key: KEY + stray },
    { variant: "key-trimmed", signature: RIGHT, body: COMPACT, key: stray + KEY },
  ]),
  { variant: "key-trimmed", signature: RIGHT, body: COMPACT, key: `${BOM}${KEY}` },
  { variant: "key-trimmed", signature: RIGHT, body: COMPACT, key: `${KEY}\u00a0` },
  { variant: "key-without-unseen", signature: RIGHT, body: COMPACT, key: `${KEY}\u200b` },
  { variant: "key-without-unseen", signature: RIGHT, body: COMPACT, key: `\u2060${KEY}\u00ad` },
  ...(["\u00a0", "\u200b"] as const).flatMap((stray, index): readonly Case[] => {
    const name = index === 0 ? "no-break-space" : "zero-width-space";
    return [
      { variant: `key-with-${name}-after`, signature: hmac(COMPACT, KEY + stray), body: COMPACT },
      { variant: `key-with-${name}-before`, signature: hmac(COMPACT, stray + KEY), body: COMPACT },
    ];
  }),
  { variant: "key-placeholder-percent", signature: hmac(COMPACT, "%USTORE_KEY%"), body: COMPACT },
  { variant: "key-placeholder-dollar", signature: hmac(COMPACT, "$USTORE_KEY"), body: COMPACT },
  {
    variant: "key-placeholder-braces",
    signature: hmac(COMPACT, "${USTORE_SIGNATURE_KEY}"),
    body: COMPACT,
  },
  { variant: "key-with-bom-before", signature: hmac(COMPACT, `${BOM}${KEY}`), body: COMPACT },
  {
    variant: "key-from-base64",
    signature: hmac(COMPACT, Buffer.from("c2VjcmV0IQ==", "base64")),
    body: COMPACT,
    key: "c2VjcmV0IQ==",
  },
  {
    variant: "key-from-base64",
    signature: hmac(COMPACT, Buffer.from("+/v7_-8", "base64")),
    body: COMPACT,
    key: "-_v7_-8",
  },
  {
    variant: "key-from-hex",
    signature: hmac(COMPACT, Buffer.from("0badc0de", "hex")),
    body: COMPACT,
    key: "0BADC0DE",
  },
  { variant: "key-to-base64", signature: hmac(COMPACT, btoa(KEY)), body: COMPACT },
  { variant: "key-in-quotes", signature: hmac(COMPACT, `"${KEY}"`), body: COMPACT },
  { variant: "key-without-quotes", signature: RIGHT, body: COMPACT, key: `"${KEY}"` },
  { variant: "key-empty", signature: hmac(COMPACT, ""), body: COMPACT },
  { variant: "key-utf16", signature: hmac(COMPACT, utf16(KEY)), body: COMPACT },
  {
    variant: "key-latin1",
    signature: hmac(COMPACT, Buffer.from("clé", "latin1")),
    body: COMPACT,
    key: "clé",
  },
  { variant: "key-ascii", signature: hmac(COMPACT, "cl?"), body: COMPACT, key: "clé" },
];

export const METHOD_CASES: readonly Case[] = [
  { variant: "digest-of-body", signature: hash(COMPACT), body: COMPACT },
  { variant: "digest-of-body+signature-hex-lower", signature: hex(hash(COMPACT)), body: COMPACT },
  { variant: "digest-of-body+hash-sha256", signature: hash(COMPACT, "sha256"), body: COMPACT },
  { variant: "digest-of-key-and-body", signature: hash(KEY + COMPACT), body: COMPACT },
  { variant: "digest-of-body-and-key", signature: hash(COMPACT + KEY), body: COMPACT },
  { variant: "hmac-swapped", signature: hmac(KEY, COMPACT), body: COMPACT },
  { variant: "hash-sha1", signature: hmac(COMPACT, KEY, "sha1"), body: COMPACT },
  { variant: "hash-sha256", signature: hmac(COMPACT, KEY, "sha256"), body: COMPACT },
  { variant: "hash-sha384", signature: hmac(COMPACT, KEY, "sha384"), body: COMPACT },
  {
    variant: "hash-sha256+signature-hex-lower",
    signature: hex(hmac(COMPACT, KEY, "sha256")),
    body: COMPACT,
  },
];

// Its signature holds both + and /, in which the alphabets differ.
const URL_BODY = '{"n":1}';

export const ENCODING_CASES: readonly Case[] = [
  { variant: "signature-with-header-name", signature: `X-Signature: ${RIGHT}`, body: COMPACT },
  { variant: "signature-with-header-name", signature: `x-signature:${RIGHT}\r\n`, body: COMPACT },
  { variant: "signature-url-encoded", signature: encodeURIComponent(RIGHT), body: COMPACT },
  {
    variant: "signature-plus-to-space",
    signature: hmac("0").replaceAll("+", " "),
    body: "0",
  },
  { variant: "signature-hex-lower", signature: hex(RIGHT), body: COMPACT },
  { variant: "signature-hex-upper", signature: hex(RIGHT).toUpperCase(), body: COMPACT },
  {
    variant: "signature-hex-dashes",
    signature: hex(RIGHT).toUpperCase().replaceAll(/(..)(?=.)/g, "$1-"),
    body: COMPACT,
  },
  { variant: "signature-base64-of-hex", signature: btoa(hex(RIGHT)), body: COMPACT },
  { variant: "signature-unpadded", signature: RIGHT.replaceAll("=", ""), body: COMPACT },
  {
    variant: "signature-base64url",
    signature: hmac(URL_BODY).replaceAll("+", "-").replaceAll("/", "_"),
    body: URL_BODY,
  },
  {
    variant: "signature-base64url+signature-unpadded",
    signature: Buffer.from(hmac(URL_BODY), "base64").toString("base64url"),
    body: URL_BODY,
  },
  { variant: "signature-with-white-space", signature: `${RIGHT}\r\n`, body: COMPACT },
  { variant: "signature-with-white-space", signature: `"${RIGHT}"`, body: COMPACT },
  {
    variant: "signature-with-prefix+signature-hex-lower",
    signature: `sha512=${hex(RIGHT)}`,
    body: COMPACT,
  },
];

export const COMBINED_CASES: readonly Case[] = [
  {
    variant: "body-without-bom+signature-hex-lower",
    signature: hex(hmac(COMPACT)),
    body: BOM + COMPACT,
  },
  {
    variant: "key-with-lf-after+signature-hex-upper",
    signature: hex(hmac(COMPACT, `${KEY}\n`)).toUpperCase(),
    body: COMPACT,
  },
  {
    variant: "json-compact+key-with-lf-after",
    signature: hmac(COMPACT, `${KEY}\n`),
    body: PRETTY,
  },
  {
    variant: "json-compact+key-utf16+digest-of-key-and-body",
    signature: hash(Buffer.concat([utf16(KEY), Buffer.from(COMPACT)])),
    body: PRETTY,
  },
  {
    variant: "body-saved-as-utf16+body-without-last-line-end",
    signature: hmac(COMPACT),
    body: utf16(`${BOM}${COMPACT}\r\n`),
  },
  {
    variant: "json-indented-2+body-with-lf+body-utf16-bom",
    signature: hmac(utf16(`${BOM}${PRETTY}\n`)),
    body: COMPACT,
  },
  {
    variant: "json-compact+body-without-bom",
    signature: hmac(COMPACT),
    body: BOM + PRETTY,
  },
  {
    variant: "key-trimmed",
    signature: hmac(Uint8Array.of(0xff, 0x00)),
    body: Uint8Array.of(0xff, 0x00),
    key: ` ${KEY}`,
  },
];
