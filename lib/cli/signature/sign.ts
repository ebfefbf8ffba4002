import { importKey, signBytes } from "../../auth/hmac.ts";
import { readBody } from "../explain/body_file.ts";
import { readKey } from "./key.ts";
import type { Options } from "../terminal/options.ts";
import type { Terminal } from "../terminal/command.ts";

/** `storehook sign`. */
export async function signCommand(options: Options, terminal: Terminal): Promise<number> {
  const key = await importKey(readKey(options, terminal));
  const body = await readBody(options.words[0] ?? "-", terminal);
  const signature = await signBytes(key, body);
  terminal.out(`${options.flag("json") ? JSON.stringify({ signature }) : signature}\n`);
  return 0;
}
