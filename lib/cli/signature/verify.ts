import { type Examination, examine } from "../../auth/doctor/doctor.ts";
import { readBody } from "../explain/body_file.ts";
import { readKey } from "./key.ts";
import type { Options } from "../terminal/options.ts";
import type { Terminal } from "../terminal/command.ts";

const SIGNATURE_LENGTH = 88;

/** `storehook verify`. */
export async function verifyCommand(options: Options, terminal: Terminal): Promise<number> {
  const key = readKey(options, terminal);
  const signature = options.need("signature");
  const body = await readBody(options.words[0] ?? "-", terminal);
  const examination = await examine(signature, body, key);
  terminal.out(
    options.flag("json")
      ? `${JSON.stringify({ ...examination, bodyBytes: body.length })}\n`
      : report(examination, body.length, signature),
  );
  return examination.matches ? 0 : 1;
}

function report(examination: Examination, bodyLength: number, signature: string): string {
  const bytes = bodyLength === 1 ? "1 byte" : `${bodyLength} bytes`;
  if (examination.matches) return `The signature matches these ${bytes} with this key.\n`;
  const { diagnosis, tried } = examination;
  if (diagnosis !== undefined) {
    return `The signature does not match these ${bytes} with this key.
${diagnosis.what}
How to mend it: ${diagnosis.fix}
Variant: ${diagnosis.variant}
`;
  }
  if (tried === 0) {
    if (signature.trim() === "") {
      return `The signature does not match: the signature is empty.
Check next: copy the whole value of the X-Signature header; a variable in the command may be unset.
`;
    }
    return `The signature does not match: this text can't be a signature of any known form.
${describeLength(signature.length)}
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

/** A right length with wrong characters is no matter of length. */
function describeLength(length: number): string {
  return length === SIGNATURE_LENGTH
    ? "It has 88 characters, but not all of them are Base64 that ends with ==."
    : `It has ${length} characters; a right one is 88 characters of Base64 and ends with ==.`;
}
