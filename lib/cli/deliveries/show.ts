import { setColorEnabled } from "@std/fmt/colors";
import type { Config } from "../../config/schema.ts";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import { loadConfig } from "../../config/load.ts";
import { locateConfig } from "../../config/source.ts";
import type { RuleSight } from "../../rules/evidence.ts";
import type { StoredDelivery } from "../../journal/delivery.ts";
import { type Terminal, UsageError } from "../terminal/terminal.ts";
import { findJournal, type WhichJournal } from "../records/find_journal.ts";
import { lookInto } from "../records/open.ts";
import { explainDecisions } from "../explain/why.ts";
import { describeNone, findDelivery } from "./find_delivery.ts";
import { describeDelivery } from "./page.ts";
import { deliveryRecord } from "./record.ts";
import { findSignatureMistake, keysOf, type SignatureFinding } from "./signature_finding.ts";
import type { RunCommand } from "../terminal/table.ts";

/**
 * Makes `storehook deliveries show`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function deliveriesShowCommand(kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
    const alone = (["body", "answer"] as const).filter((name) => options.flag(name));
    if (alone.length + (options.flag("json") ? 1 : 0) > 1) {
      throw new UsageError("Only one of --body, --answer and --json can be shown");
    }
    const which = { config: options.text("config"), kinds };
    const section = await findJournal(which, terminal);
    if (section === undefined) return 2;
    setColorEnabled(terminal.colour);
    return await lookInto(section, terminal, async (journal) => {
      const [name = ""] = options.words;
      const found = await findDelivery(journal, name, terminal);
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
