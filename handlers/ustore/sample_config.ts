/**
 * Writes the text of a first config, with comments, for the webhooks of uStore.
 *
 * @param newKey Makes a fresh random key.
 * @returns JSON with comments.
 */
export function sampleConfig(newKey: () => string): string {
  return `{
  "$schema": "./config.schema.json",

  // Where Storehook listens. uStore must reach it: beside uStore, loopback is right.
  "server": {
    "hostname": "127.0.0.1",
    "port": 8080,
    // How others reach it, for links in answers.
    "publicUrl": "http://127.0.0.1:8080"
  },

  "endpoints": [
    {
      // Which group must approve this order?
      "path": "/ustore/order-approval",
      "kind": "ustore.order-approval",
      // Paste the same key into uStore. Two keys may stand here while one is replaced.
      "signatureKeys": ["${newKey()}"],
      // The group in an answer that says no approval is needed.
      "defaultGroup": 10065,
      // The first rule that matches decides: { "group": 10065 } asks that group for approval,
      // { "approve": true } approves the order at once and asks nobody.
      "rules": [
        { "name": "large orders", "when": "order.total > 500.0", "then": { "group": 10065 } },
        { "name": "free reorders", "when": "order.user.department == 'Marketing'", "then": { "approve": true } }
      ],
      // When no rule matches: as the order's CustomConfig says, like the vendor's sample. An order
      // without one is approved at once, nobody is asked; to ask a group, write { "group": 10065 }.
      "otherwise": { "customConfig": { "otherwise": { "approve": true } } }
    },
    {
      // Which manufacturer makes each item?
      "path": "/ustore/manufacturer",
      "kind": "ustore.manufacturer",
      "signatureKeys": ["${newKey()}"],
      // The ids of your manufacturers in uStore, by names of your own.
      "manufacturers": { "hanover": 2, "dallas": 1 },
      "rules": [
        {
          "name": "east coast",
          "when": "item.shipTo.stateCode in ['NJ', 'NY', 'CT']",
          "then": { "manufacturer": "hanover" }
        }
      ],
      // When no rule matches an item: as the order's CustomConfiguration says. An item of which it
      // says nothing keeps the store's own allocation.
      "otherwise": { "customConfiguration": { "otherwise": { "keep": true } } }
    },
    {
      // Where does an exported cart go?
      "path": "/ustore/cart-export",
      "kind": "ustore.cart-export",
      "signatureKeys": ["${newKey()}"],
      "externalUrl": "{publicUrl}/exports/{token}",
      // A URL here sends the shopper there at once; empty keeps the shopper in the cart.
      "redirectUrl": ""
    }
  ]
}
`;
}
