import { type Examination, examine } from "../auth/doctor/doctor.ts";
import { importKey, signBytes } from "../auth/x_signature.ts";
import type { Options } from "./terminal/table.ts";
import { readBody, type Terminal, UsageError } from "./terminal/terminal.ts";

/** `storehook sign`. */
export async function signCommand(options: Options, terminal: Terminal): Promise<number> {
  const key = await importKey(readKey(options, terminal));
  const body = await readBody(options.words[0] ?? "-", terminal);
  const signature = await signBytes(key, body);
  terminal.out(`${options.flag("json") ? JSON.stringify({ signature }) : signature}\n`);
  return 0;
}

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

const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Reads the key that `--key` or `--key-env` gives.
 *
 * @param options The command's arguments.
 * @param terminal Where the environment is.
 * @returns The key, exactly as given.
 * @throws {UsageError} When neither or both are given, or the variable is unset or empty.
 */
export function readKey(options: Options, terminal: Pick<Terminal, "env">): string {
  const key = options.text("key");
  const name = options.text("key-env");
  if (key !== undefined && name !== undefined) {
    throw new UsageError("Cannot use both --key and --key-env: give one of them");
  }
  if (key !== undefined) return key;
  if (name === undefined) {
    throw new UsageError("The key is missing: give --key K, or --key-env NAME for a variable");
  }
  // What is no name may be the key itself (`--key-env $KEY`), so it is not repeated.
  if (!VARIABLE_NAME.test(name)) {
    throw new UsageError("--key-env wants the name of an environment variable, not its value");
  }
  const value = terminal.env(name);
  if (value === undefined || value === "") {
    const state = value === undefined ? "not set" : "empty";
    throw new UsageError(
      `Environment variable "${name}" is ${state}: set it to the signature key, or use --key K`,
    );
  }
  return value;
}
