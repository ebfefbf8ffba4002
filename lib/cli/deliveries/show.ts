import { setColorEnabled } from "@std/fmt/colors";
import type { Config } from "../../config/config.ts";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { loadConfig } from "../../config/load.ts";
import { locateConfig } from "../../config/file/locate.ts";
import type { RuleSight } from "../../rules/evidence.ts";
import type { StoredDelivery } from "../../journal/delivery.ts";
import { type Command, type Terminal, UsageError } from "../terminal/command.ts";
import { findJournal, type WhichJournal } from "../records/find_journal.ts";
import { lookInto } from "../records/open.ts";
import { parseOptions } from "../terminal/options.ts";
import { explainDecisions } from "../explain/why.ts";
import { describeNone, findDelivery } from "./find_delivery.ts";
import { describeDelivery } from "./page.ts";
import { deliveryRecord } from "./record.ts";
import { findSignatureMistake, keysOf, type SignatureFinding } from "./signature_finding.ts";

/**
 * Makes `storehook deliveries show`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function deliveriesShowCommand(kinds: readonly EndpointKind[]): Command {
  return {
    name: "deliveries show",
    summary: "one delivery: what came, what went, and why",
    help: `Usage: storehook deliveries show ID [--body | --answer] [--config FILE] [--json]

Shows all that the journal holds of a delivery, and rule by rule why it was answered so. For a
refused signature it says how it was made, as "storehook verify" does, with the keys that the
config has for this path now. Works beside a running server.

ID is the delivery's id or its beginning, eight digits or more, or a request id, of which the
newest delivery is shown.

Options:
  --body          only the bytes that came, exactly as they came
  --answer        only the bytes that went, exactly as they went
  --config FILE   the config, found as "serve" finds it
  --json          as one line of JSON

Examples:
  storehook deliveries show 01982f3a --body > order.json
  storehook verify --key KEY --signature SIGNATURE order.json

Exit codes: 0 fine, 1 there is no such delivery or the journal can't be read, 2 wrong usage or config
`,
    async run(args, terminal) {
      const options = parseOptions(args, {
        text: ["config"],
        flags: ["json", "body", "answer"],
        words: ["ID"],
      });
      const alone = (["body", "answer"] as const).filter((name) => options.flag(name));
      if (alone.length + (options.flag("json") ? 1 : 0) > 1) {
        throw new UsageError("Only one of --body, --answer and --json can be shown");
      }
      const which = { config: options.text("config"), kinds };
      const section = await findJournal(which, terminal);
      if (section === undefined) return 2;
      setColorEnabled(terminal.colour);
      return await lookInto(section.path, terminal, async (journal) => {
        const [name = ""] = options.words;
        const found = findDelivery(journal, name, terminal);
        if (found.delivery === undefined) {
          terminal.err(describeNone(name, found.candidates));
          return 1;
        }
        if (alone[0] !== undefined) {
          terminal.outBytes(found.delivery[alone[0]]);
          return 0;
        }
        const finding = await examineSignature(found.delivery, which, terminal);
        const { kind } = found.delivery;
        const sight = kinds.find((one) => one.kind === kind)?.sight;
        terminal.out(
          options.flag("json")
            ? `${JSON.stringify(recordOf(found.delivery, finding, sight))}\n`
            : `${describeDelivery(found.delivery, finding, sight).join("\n")}\n`,
        );
        return 0;
      });
    },
  };
}

/** The config is loaded for its keys alone, and only when they are needed. */
async function examineSignature(
  delivery: StoredDelivery,
  which: WhichJournal,
  terminal: Terminal,
): Promise<SignatureFinding | undefined> {
  if (delivery.verifiedBy !== null) return undefined;
  const config = await configOrNone(which, terminal);
  return await findSignatureMistake(delivery, keysOf(config, delivery.endpoint));
}

/** A config with mistakes has no keys to try, and that is no reason not to show a delivery. */
async function configOrNone(
  { config, kinds }: WhichJournal,
  { env }: Terminal,
): Promise<Config | undefined> {
  const file = await locateConfig({ flag: config, env });
  const loaded = await loadConfig({ file, kinds, env });
  return "mistakes" in loaded ? undefined : loaded.config;
}

function recordOf(
  delivery: StoredDelivery,
  finding: SignatureFinding | undefined,
  sight: RuleSight | undefined,
) {
  const { body, rules, decisions } = delivery;
  return {
    ...deliveryRecord(delivery),
    decisions: explainDecisions(sight, body, rules, decisions),
    ...(finding === undefined ? {} : { signature: finding }),
  };
}
