import type { ExportedList } from "../../../lib/exports/exported_list.ts";
import type { StoredExport } from "../../../lib/journal/export.ts";

/** A token as the journal makes them. */
export const TOKEN = "AZaz09-_AZaz09-_AZaz09";

/** Text that would do harm where it is not taken for text. */
export const HOSTILE = [
  "</style><script>alert(1)</script>",
  `"><img src=x onerror='alert(1)'>`,
  "\u202Egnirts detrever",
  "שלום 👩‍👩‍👧 {version}",
  "]]><!--",
  "a\u0000b\uD800c",
] as const;

/** A list with one item of each sort. */
export const LIST: ExportedList = {
  store: "Print & More",
  listId: "L-1",
  externalId: "EXT-7",
  modified: "2023-12-03T10:15:30.123",
  items: [
    {
      id: "i1",
      product: "Business card",
      catalogNumber: "BC-001",
      nickname: "Müller’s cards",
      quantity: 1250,
      notes: [],
    },
    {
      id: "i2",
      product: "Brochure, A4",
      catalogNumber: "",
      nickname: '=HYPERLINK("http://x")',
      quantity: -2.5,
      notes: [
        { level: "warning", text: "Inventory is low" },
        { level: "error", text: "Not available" },
        { level: "warning", text: "Shipping will be split" },
        { level: "note", text: "@home" },
      ],
    },
    { id: "i3", product: "", catalogNumber: "", nickname: "", quantity: null, notes: [] },
  ],
};

const SAVED = [
  { version: 3, deliveryId: "d3", savedAt: Date.UTC(2026, 2, 9, 8, 5) },
  { version: 1, deliveryId: "d1", savedAt: Date.UTC(2025, 11, 31, 23, 59) },
];

/** A version of an export as the journal finds it: 3 and 1 are kept, 2 is gone. */
export function storedExport(version: number, list: object = LIST): StoredExport {
  return {
    token: TOKEN,
    externalId: "EXT-7",
    endpoint: "/ustore/cart-export",
    listKey: '["s","L-1"]',
    version,
    deliveryId: `d${version}`,
    savedAt: SAVED.find((saved) => saved.version === version)?.savedAt ?? 0,
    list: new TextEncoder().encode(JSON.stringify(list)),
    versions: SAVED,
  };
}
