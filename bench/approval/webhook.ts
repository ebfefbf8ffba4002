import { join } from "@std/path";
import { freePort } from "../../tests/postgres/programs.ts";
import { PEERS } from "../install_peers.ts";
import { KEY } from "../load/signed.ts";
import { startProcess } from "../process.ts";
import { serverOf } from "../storehook.ts";
import { type Contender, untilAnswered } from "./contender.ts";

/**
 * Starts the tool `webhook` of Debian. Its answer is not signed, and it wants the signature in
 * hexadecimal.
 *
 * @param name What it is called.
 * @param folder Where its list of hooks goes.
 * @param kept The file that its command appends to; without one the command does not exist, so that
 * none is paid for.
 */
export async function startWebhook(
  name: string,
  folder: string,
  kept?: string,
): Promise<Contender> {
  const file = join(folder, `${name}.json`);
  await Deno.writeTextFile(file, JSON.stringify([hook(kept)]));
  const port = freePort();
  const args = ["-hooks", file, "-ip", "127.0.0.1", "-port", `${port}`, "-urlprefix", "ustore"];
  const process = startProcess("webhook", args, kept === undefined ? {} : { KEPT: kept });
  const url = `http://127.0.0.1:${port}`;
  await untilAnswered(url, process);
  return { ...serverOf(name, process, url), signatureForm: "hex", signs: false };
}

function hook(kept: string | undefined) {
  const command = kept === undefined
    ? {
      "execute-command": "/nonexistent",
      "response-message": '{"ApprovalGroupId":10065,"IsApprovalNeeded":true}',
    }
    : {
      "execute-command": join(PEERS, "approval/append.sh"),
      "include-command-output-in-response": true,
      "pass-arguments-to-command": [{ source: "entire-payload" }, { source: "entire-headers" }],
    };
  return {
    ...command,
    id: "order-approval",
    "response-headers": [{ name: "Content-Type", value: "application/json" }],
    "trigger-rule-mismatch-http-response-code": 401,
    "trigger-rule": {
      match: {
        type: "payload-hmac-sha512",
        secret: KEY,
        parameter: { source: "header", name: "X-Signature" },
      },
    },
  };
}
