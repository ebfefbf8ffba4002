import { importKey, signBytes } from "../../auth/hmac.ts";
import { readBody } from "../explain/body_file.ts";
import type { Command } from "../terminal/command.ts";
import { KEY_HELP, KEY_OPTIONS, readKey } from "./key.ts";
import { parseOptions } from "../terminal/options.ts";

/** `storehook sign`. */
export const signCommand: Command = {
  name: "sign",
  summary: "the X-Signature of a file's bytes",
  help: `Usage: storehook sign (--key K | --key-env NAME) FILE|-

Prints the X-Signature of the exact bytes of FILE, or of standard input for "-":
Base64 of the HMAC-SHA512 with the key's UTF-8 bytes.

Options:
${KEY_HELP}
Examples:
  storehook sign --key-env USTORE_SIGNATURE_KEY order.json
  printf '{}' | storehook sign --key my-signature-key -

Exit codes: 0 fine, 2 wrong usage
`,
  async run(args, terminal) {
    const options = parseOptions(args, {
      text: KEY_OPTIONS,
      words: ["FILE"],
    });
    const key = await importKey(readKey(options, terminal));
    const body = await readBody(options.words[0] ?? "-", terminal);
    terminal.out(`${await signBytes(key, body)}\n`);
    return 0;
  },
};
