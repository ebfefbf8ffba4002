/** The config file as it may be shown: every secret hidden, everything else as it was written. */
import { visit } from "jsonc-parser";
import type { ConfigPath } from "../../config/mistake.ts";
import { isSecret } from "../../config/secrets.ts";

/** Stands in the place of a secret. */
const HIDDEN_SECRET = "…";
/** A secret that is this short is a word, and hiding it everywhere would make words unreadable. */
const SHORTEST = 4;
/** What comes from elsewhere is no secret by itself: `${NAME}`, `${file:PATH}`. */
const REFERENCE = /^\$\{[^}]*\}$/;

/** A hash of a token is no secret, but nobody needs to try what it is of. */
function isHidden(path: ConfigPath): boolean {
  return isSecret(path) || (path[0] === "console" && path.at(-1) === "hash");
}

interface Hidden {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/**
 * Hides the secrets in the text of a config file: what stands below the key of a secret, whatever
 * its form, and known secrets wherever they stand, in comments too.
 *
 * @param text The file, with mistakes or without.
 * @param secrets The secrets of the config that is served.
 * @returns The text with `…` in the place of each.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const text = '{ "signatureKeys": ["hunter2", "${KEY}"], "path": "/a" } // was hunter2';
 * assertEquals(
 *   hideSecrets(text, ["hunter2"]),
 *   '{ "signatureKeys": ["…", "${KEY}"], "path": "/a" } // was …',
 * );
 * ```
 */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  const known = secrets.filter(({ length }) => length >= SHORTEST)
    .toSorted((a, b) => b.length - a.length);
  const hidden: Hidden[] = [];
  let isBroken = false;

  function hideWithin(offset: number, length: number): void {
    const part = text.slice(offset, offset + length);
    const blanked = blankAll(part, known);
    if (blanked !== part) hidden.push({ offset, length, text: blanked });
  }

  visit(text, {
    onLiteralValue(value, offset, length, _line, _column, pathOf) {
      if (typeof value !== "string") {
        if (isHidden(pathOf())) hidden.push({ offset, length, text: `"${HIDDEN_SECRET}"` });
        return;
      }
      if (isHidden(pathOf())) {
        const shown = REFERENCE.test(value) ? undefined : `"${HIDDEN_SECRET}"`;
        if (shown !== undefined) hidden.push({ offset, length, text: shown });
        return;
      }
      const blanked = blankAll(value, known);
      // Escapes may have written it so that the text alone does not show it.
      if (blanked !== value) hidden.push({ offset, length, text: JSON.stringify(blanked) });
      else if (/\/\/[^/?#\s]*@/.test(value)) {
        const shown = value.replace(/\/\/[^/?#]*@/, `//${HIDDEN_SECRET}@`);
        hidden.push({ offset, length, text: JSON.stringify(shown) });
      }
    },
    onComment(offset, length) {
      const comment = text.slice(offset, offset + length);
      const quoted = COMMENTED_SECRET.test(comment)
        ? comment.replace(QUOTED_VALUE, `$1"${HIDDEN_SECRET}"`)
        : comment;
      const told = TOLD_SECRETS.reduce(
        (text, one) => text.replace(one, `$1${HIDDEN_SECRET}`),
        quoted,
      );
      const blanked = blankAll(told, known);
      if (blanked !== comment) hidden.push({ offset, length, text: blanked });
    },
    onError(_error, offset, length) {
      isBroken = true;
      hideWithin(offset, length);
    },
  }, { allowTrailingComma: true });

  let shown = "";
  let at = 0;
  for (
    const { offset, length, text: replacement } of hidden.toSorted((a, b) => a.offset - b.offset)
  ) {
    if (offset < at) continue;
    shown += text.slice(at, offset) + replacement;
    at = offset + length;
  }
  shown += text.slice(at);
  // Where a quote or a bracket is missing, what stands below which key is not known for certain.
  if (isBroken) {
    shown = shown.replace(
      BROKEN_SECRET,
      (_all, name: string, _quote: string, value: string) => name + blankValues(value),
    );
  }
  // What no token holds: the rest of a line that is broken, for example.
  return blankAll(shown, known);
}

function blankValues(text: string): string {
  return text.replace(
    VALUE_OR_NAME,
    (one, name: string | undefined) =>
      name !== undefined || REFERENCE.test(one.replace(/^["']|["']$/g, ""))
        ? one
        : one.includes(`"`)
        ? `"${HIDDEN_SECRET}"`
        : HIDDEN_SECRET,
  );
}

const NAMES = "signatureKeys?|secrets?|passwords?|pathToken|headers|token|apiKey|keys?|hash";
/** A setting that was taken out by making it a comment keeps its secret. */
const COMMENTED_SECRET = new RegExp(`"(?:${NAMES})"\\s*:`, "i");
/** What people note beside a setting: a URL with what signs in, a password, an old key. */
const TOLD_SECRETS: readonly RegExp[] = [
  /(:\/\/)[^/?#\s"]+(?=@)/g,
  /([?&][\w.-]*(?:key|token|secret|code|sig|password|auth)[\w.-]*=)[^&#\s"']+/gi,
  /(\bpasswords?\s*[:=]\s*)[^\s"'…]+/gi,
  new RegExp(`(\\b(?:${NAMES})\\s*[:=]\\s*)(?=\\S*\\d)[^\\s"'$…]{6,}`, "gi"),
];
/** The setting of a secret in a file that is no JSON, however it is quoted, with what follows. */
const BROKEN_SECRET = new RegExp(
  `((["']?)\\b(?:${NAMES})\\2\\s*:\\s*)` +
    String
      .raw`(\[(?:"[^"\n]*"?|[^\]"])*\]?|\{(?:"[^"\n]*"?|[^}"])*\}?|"[^"\n]*"?|'[^'\n]*'?|[^\s,}\]]+)`,
  "gi",
);
const VALUE_OR_NAME = /("[^"\n]*"(?=\s*:))|"[^"\n]*"?|'[^'\n]*'?|[^\s,:[\]{}"']+/g;
/** A text that is no name of a setting. */
const QUOTED_VALUE = /([:[,{]\s*)"(?:[^"\\\n]|\\.)*"(?!\s*:)/g;

function blankAll(text: string, secrets: readonly string[]): string {
  return secrets.reduce((blanked, secret) => {
    const escaped = JSON.stringify(secret).slice(1, -1);
    return blanked.replaceAll(secret, HIDDEN_SECRET).replaceAll(escaped, HIDDEN_SECRET);
  }, text);
}
