import { KEY, SECTION } from "./console_world.ts";

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
