/**
 * Tells how a signature that does not match was made, by trying the mistakes that people make.
 *
 * It is for commands, never for the way of a request: it costs up to seconds, and what it finds
 * is still a wrong signature.
 */
import { bodyForms } from "./body_forms.ts";
import { HASHES, METHODS, readSignature } from "./signature_variants.ts";
import { importKey, verifySignature } from "../x_signature.ts";
import { keyForms } from "./key_variants.ts";
import type { Bytes, Variant } from "./variants.ts";

/** How a signature was made, and how to make it right. */
export interface Diagnosis {
  /** Stable id, e.g. `body-without-bom`; several variants at once are joined by `+`. */
  readonly variant: string;
  /** What was done, in one sentence. */
  readonly what: string;
  /** How to fix it, a sentence or two for each variant. */
  readonly fix: string;
}

/** What became of an examination. */
export interface Examination {
  /** Whether the signature is right as it stands. */
  readonly matches: boolean;
  /** How many other ways to make it were tried. */
  readonly tried: number;
  /** The way that made it, if it is among them. */
  readonly diagnosis?: Diagnosis;
}

/** Most variants of body, key and method at once; how it is written comes on top. */
const MAX_VARIANTS = 3;

/** How many bytes are hashed in all before it gives up: about two seconds of work. */
const MAX_HASHED_BYTES = 805_306_368;

interface Attempt {
  readonly variants: readonly Variant[];
  readonly size: number;
  matches(): Promise<boolean>;
}

/**
 * Tells whether a signature is right, as the server would.
 *
 * @param signature The value of `X-Signature`.
 * @param body The exact bytes of the body.
 * @param key The signature key.
 * @throws {RangeError} When the key is empty.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await matches("not a signature", new Uint8Array(), "my-signature-key"), false);
 * ```
 */
export async function matches(signature: string, body: Bytes, key: string): Promise<boolean> {
  return await verifySignature(await importKey(key), signature, body);
}

/**
 * Judges a signature, and finds how it was made when it is wrong; the explanation with the fewest
 * mistakes comes first.
 *
 * @param signature The value of `X-Signature`.
 * @param body The exact bytes of the body.
 * @param key The signature key.
 * @returns The verdict, with how many ways were tried.
 * @throws {RangeError} When the key is empty.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const body = new TextEncoder().encode('{"ApprovalGroupId":10065,"IsApprovalNeeded":true}');
 * const overBodyWithLineEnd =
 *   "yU5JnjKjaA15xknXr00Uw1smO0VloFynIwtZlBL4YD2shrRoEs+QkJMIQ45y8OsQAxsmu8qBnGwLUDNslm6QDA==";
 * const { matches, diagnosis } = await examine(overBodyWithLineEnd, body, "my-signature-key");
 * assertEquals([matches, diagnosis?.variant], [false, "body-with-crlf"]);
 * ```
 */
export async function examine(signature: string, body: Bytes, key: string): Promise<Examination> {
  if (await matches(signature, body, key)) return { matches: true, tried: 0 };
  let tried = 0;
  let hashed = 0;
  for (const attempt of attempts(signature, body, key)) {
    hashed += attempt.size;
    if (hashed > MAX_HASHED_BYTES) break;
    tried++;
    if (await attempt.matches()) {
      return { matches: false, tried, diagnosis: describe(attempt.variants) };
    }
  }
  return { matches: false, tried };
}

/** Everything to try: first what differs least, within that the likely first. */
function* attempts(signature: string, body: Bytes, key: string): Generator<Attempt> {
  const readings = readSignature(signature).flatMap(({ value, variants }) => {
    const known = HASHES.get(value.length);
    if (known === undefined) return [];
    return [{ expected: value, hash: known.hash, after: [...known.variants, ...variants] }];
  });
  if (readings.length === 0) return;
  const keys = keyForms(key);
  const walkBodies = bodyForms(body);
  for (let most = 0; most <= MAX_VARIANTS; most++) {
    for (const bodyForm of walkBodies(most)) {
      for (const method of METHODS) {
        for (const keyForm of method.keyed ? keys : keys.slice(0, 1)) {
          const before = [...bodyForm.variants, ...keyForm.variants, ...method.variants];
          if (before.length !== most) continue;
          for (const { expected, hash, after } of readings) {
            yield {
              variants: [...before, ...after],
              size: bodyForm.value.length,
              matches: () => method.matches(hash, keyForm.value, bodyForm.value, expected),
            };
          }
        }
      }
    }
  }
}

function describe(variants: readonly Variant[]): Diagnosis {
  return {
    variant: variants.map(({ id }) => id).join("+"),
    what: `This signature was made ${variants.map(({ what }) => what).join(", ")}.`,
    fix: [...new Set(variants.map(({ fix }) => fix))].join(" "),
  };
}
