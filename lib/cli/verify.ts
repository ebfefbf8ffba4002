import { type Examination, examine } from "../auth/doctor.ts";
import { readBody } from "./body_file.ts";
import { type Command, UsageError } from "./command.ts";
import { KEY_HELP, KEY_OPTIONS, readKey } from "./key.ts";
import { parseOptions } from "./options.ts";

const OPTIONS = [...KEY_OPTIONS, "signature"];

/** `storehook verify`. */
export const verifyCommand: Command = {
  name: "verify",
  summary: "whether a signature matches a file's bytes, and if not, why",
  help: `Usage: storehook verify (--key K | --key-env NAME) --signature S FILE|-

Verifies the value of an X-Signature header over the exact bytes of FILE, or of standard
input for "-". When it does not match, it tries the mistakes that are made with signatures
and names the one that made this one, and how to mend it.

Options:
${KEY_HELP}  --signature S    the value of the X-Signature header

Examples:
  storehook verify --key-env USTORE_SIGNATURE_KEY --signature "$SIGNATURE" order.json

Exit codes: 0 it matches, 1 it does not, 2 wrong usage
`,
  async run(args, terminal) {
    const options = parseOptions(args, { text: OPTIONS, words: ["FILE"] });
    const key = readKey(options, terminal);
    const signature = options.text("signature");
    if (signature === undefined) {
      throw new UsageError("The signature is missing: give --signature S, the X-Signature header");
    }
    const body = await readBody(options.words[0] ?? "-", terminal);
    const examination = await examine(signature, body, key);
    terminal.out(report(examination, body.length, signature.length));
    return examination.matches ? 0 : 1;
  },
};

function report(examination: Examination, bodyLength: number, signatureLength: number): string {
  const bytes = bodyLength === 1 ? "1 byte" : `${bodyLength} bytes`;
  if (examination.matches) return `The signature matches these ${bytes} with this key.\n`;
  const { diagnosis, tried } = examination;
  if (diagnosis !== undefined) {
    return `The signature does not match these ${bytes} with this key.
${diagnosis.what}
How to mend it: ${diagnosis.mend}
Variant: ${diagnosis.variant}
`;
  }
  if (tried === 0) {
    return `The signature does not match: this text can't be a signature of any known form.
It has ${signatureLength} characters; a right one is 88 characters of Base64 and ends with ==.
Check next: copy the whole value of the X-Signature header, of one header only.
`;
  }
  return `The signature does not match these ${bytes} with this key, nor does any of the ${tried} variants tried.
Check next:
- The key: is it the same on both sides, and for this store? A rotated key is another key.
- The bytes: is the file exactly what went over the line? Save it raw, not copied from a log,
  a browser or an editor; a signature fits the body of its own request or answer only.
- The way between: does a proxy or gateway decompress, reformat or re-encode bodies?
`;
}
