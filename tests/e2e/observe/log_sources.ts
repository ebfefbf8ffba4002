/** Every sample of the handlers as a request that is signed, and broken in many ways. */
import { join } from "@std/path";
import { ROOT } from "../program.ts";
import { hmacOf } from "../../hmac.ts";

/** Keys and secrets of a config, of a form that is easily written in another way. */
export const SECRETS = {
  ustore: 'ustore "key" / \\ of ü',
  emporix: "emporix-secret-4711",
  ultracart: "pass:word of ultracart",
  webhooks: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  forward: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
  forwardHeader: "header-secret-0815",
  forwardUrl: "url-secret-0816",
} as const;

/** Stands in every text that a marked body holds. */
export const MARK = "Quixada";

/** A request that is not made yet. */
export interface SignedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Source {
  readonly samples: readonly string[];
  sign(
    body: string,
    sample: string,
  ): Omit<SignedRequest, "body"> | Promise<Omit<SignedRequest, "body">>;
}

const SOURCES: readonly Source[] = [
  ...["order_approval", "manufacturer", "cart_export"].map((name) => ({
    samples: [`ustore/samples/${name}.json`],
    sign: async (body: string) => ({
      path: `/ustore/${name}`,
      headers: {
        "X-Signature": await hmacOf("SHA-512", SECRETS.ustore, body),
      },
    }),
  })),
  {
    samples: namesIn("emporix"),
    sign: async (body, sample) => ({
      path: `/emporix/${sample.replace(/^.*\//, "").replace(/\.json$/, "")}`,
      headers: {
        "emporix-event-signature": await hmacOf("SHA-256", SECRETS.emporix, body),
        "emporix-event-publish-time": "2026-08-01T10:00:00Z",
      },
    }),
  },
  {
    samples: namesIn("ultracart"),
    sign: () => ({
      path: "/ultracart",
      headers: { Authorization: `Basic ${btoa(`ultracart:${SECRETS.ultracart}`)}` },
    }),
  },
];

function namesIn(source: string): readonly string[] {
  const folder = join(ROOT, "handlers", source, "samples");
  return Array.from(Deno.readDirSync(folder), ({ name }) => `${source}/samples/${name}`);
}

/** One that an import of JSON would change stands in a module, letter by letter. */
function textOf(sample: string): string {
  const text = Deno.readTextFileSync(join(ROOT, "handlers", sample));
  return /String\.raw`([^`]*)`/.exec(text)?.[1] ?? text;
}

/** Every sample as it is, and broken; signed as it would be. */
export async function signedRequests(): Promise<readonly SignedRequest[]> {
  return await Promise.all(SOURCES.flatMap(({ samples, sign }) =>
    samples.flatMap((sample) => {
      const text = textOf(sample);
      return variants(text).map(async (body) => ({ ...await sign(body, sample), body }));
    })
  ));
}

/** The texts of all samples that are about people, by the names of their fields. */
export function personalTexts(): readonly string[] {
  const personal =
    /mail|phone|(?:first|last|contact|company|nick)_?name|street|address\d?$|city$|company|note/i;
  const texts = SOURCES.flatMap(({ samples }) => samples).flatMap((sample) => {
    const found: string[] = [];
    JSON.parse(textOf(sample), (key, value: unknown) => {
      if (typeof value === "string" && personal.test(key) && value.length > 3) found.push(value);
      return value;
    });
    return found;
  });
  // A last name that is the name of a field as well.
  return [...new Set(texts)].filter((text) => text !== "Order");
}

/** A body, and what senders and attackers make of it. */
function variants(text: string): readonly string[] {
  return [
    text,
    changed(text, (value) => typeof value === "string" ? marked(value) : value),
    // A number, or a truth value, that is text.
    changed(text, (value) => typeof value === "number" || isNumeric(value) ? MARK : value),
    changed(text, (value) => typeof value === "string" ? [marked(value)] : value),
    changed(text, (value) => typeof value === "string" ? { [MARK]: marked(value) } : value),
    changed(text, (value) => typeof value === "string" ? Object.values(SECRETS).join() : value),
    text.slice(0, text.length / 2),
    `"${MARK}"`,
    `${MARK}${text}`,
  ];
}

function marked(text: string): string {
  return `${MARK} jane.${MARK}@example.com ${text}`;
}

function isNumeric(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value));
}

function changed(text: string, change: (value: unknown) => unknown): string {
  return JSON.stringify(JSON.parse(text, (_, value: unknown) => change(value)));
}
