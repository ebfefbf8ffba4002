import { type ConsoleWorld, KEY, SECTION, withConsole } from "./console_world.ts";

/** A config as a person writes it. */
export const WRITTEN_CONFIG = `// Written by hand.
{
  "server": { "publicUrl": "https://hooks.example" },
  "endpoints": [
    {
      "path": "/approval", // where the store sends
      "kind": "ustore.order-approval",
      "signatureKeys": ["${KEY}"],
      "rules": [
        // Whoever spends much asks first.
        { "name": "large orders", "when": "order.total > 500.0", "then": { "group": 10065 } },
      ],
      "otherwise": { "approve": true }
    },
  ],
  "console": ${JSON.stringify(SECTION)}
}
`;

/** Its rules. */
export const RULES = WRITTEN_CONFIG.slice(
  WRITTEN_CONFIG.indexOf("[\n        // Whoever"),
  WRITTEN_CONFIG.indexOf(',\n      "otherwise"'),
);

/** Rules by which more has to be approved. */
export const OTHER = RULES.replace("500.0", "100.0");

/** Runs with a console over it. */
export function withText(test: (world: ConsoleWorld) => Promise<void>): Promise<void> {
  return withConsole(test, { config: WRITTEN_CONFIG });
}

/** The config as it stands in its file now. */
export function textOf({ context }: ConsoleWorld): Promise<string> {
  return Deno.readTextFile(context.served().file);
}

/** Tries rules on what was recorded, and gives what saving them takes. */
export async function tried(world: ConsoleWorld, rules: string) {
  const { json } = await world.ask("/api/v1/edit/approval", {
    as: "admin",
    json: { rules, action: "backtest" },
  });
  return { fingerprint: json.fingerprint, receipt: json.backtest?.receipt, rules };
}
