/** The cart list as the cart export webhook sends it: what `views/list.ts` reads of it. */
import * as z from "zod";
import { decimal, element, many, text } from "./element.ts";

const validation = z.looseObject({ type: decimal, level: decimal, message: text });

const item = z.looseObject({
  ID: text,
  product: element({ ID: text, name: text, catalogNumber: text }),
  nickname: text,
  quantity: decimal,
  validations: many("validation", validation),
});

/** The body of that webhook. */
export const listDocument = z.looseObject({
  user: element({ id: text, email: text }),
  store: element({ id: text, name: text }),
  list: z.looseObject({
    id: z.union([z.string().min(1), z.number()]),
    externalID: text,
    modificationDate: text,
    lastExportDate: text,
    items: many("item", item),
  }),
}).meta({
  id: "UStoreList",
  description: "A cart list that is exported: what Storehook can read of it.",
});
