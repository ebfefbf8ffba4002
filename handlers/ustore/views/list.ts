/**
 * The document of the cart export webhook, as rules see it.
 *
 * Source: the vendor's page on the cart export webhook. Its casing is mixed (`ID`, `externalID`);
 * ids are expected to be GUID strings, numbers are accepted.
 */
import {
  type Element,
  isEmpty,
  misshapen,
  needDecimal,
  readDecimal,
  readElement,
  readMany,
  readText,
  type Repeated,
} from "./fields.ts";
import { lenient } from "./lenient.ts";

/** A cart list that a shopper exports, with who exports it and where. */
export interface ExportView {
  readonly user: { readonly id: string; readonly email: string };
  readonly store: { readonly id: string; readonly name: string };
  readonly list: ListView;
}

/** A cart list. */
export interface ListView {
  readonly id: string;
  /** The id that an earlier export gave it, `""` on the first. */
  readonly externalId: string;
  readonly modificationDate: string;
  readonly lastExportDate: string;
  readonly items: readonly ListItemView[];
}

/** One item of a cart list. */
export interface ListItemView {
  readonly id: string;
  readonly product: {
    readonly id: string;
    readonly name: string;
    readonly catalogNumber: string;
  };
  readonly nickname: string;
  readonly quantity: number;
  readonly validations: readonly ValidationView[];
}

/** What the store says of an item. Types beyond the published ones are as good as any. */
export interface ValidationView {
  readonly type: number;
  /** 1 warning, 2 error. */
  readonly level: number;
  readonly message: string;
}

const ERROR_LEVEL = 2;

/**
 * Views a parsed body as an exported list.
 *
 * @param document The parsed JSON.
 * @throws {ShapeError} When the document has no `list`, or the list no id.
 */
export function viewExport(document: unknown): ExportView {
  const root = isEmpty(document) ? {} : readElement(document, "the body");
  if (isEmpty(root.list)) throw misshapen("list", root.list, "present");
  const list = readElement(root.list, "list");
  const id = readText(list.id, "list.id");
  if (id === "") throw misshapen("list.id", list.id, "id");
  return {
    get user() {
      return viewUser(readElement(root.user, "user"));
    },
    get store() {
      return viewStore(readElement(root.store, "store"));
    },
    list: {
      id,
      get externalId() {
        return readText(list.externalID, "list.externalID");
      },
      get modificationDate() {
        return readText(list.modificationDate, "list.modificationDate");
      },
      get lastExportDate() {
        return readText(list.lastExportDate, "list.lastExportDate");
      },
      get items() {
        return readMany(list.items, "item", "list.items").map(viewItem);
      },
    },
  };
}

function viewUser(user: Element): ExportView["user"] {
  return {
    get id() {
      return readText(user.id, "user.id");
    },
    get email() {
      return readText(user.email, "user.email");
    },
  };
}

function viewStore(store: Element): ExportView["store"] {
  return {
    get id() {
      return readText(store.id, "store.id");
    },
    get name() {
      return readText(store.name, "store.name");
    },
  };
}

/**
 * Finds the items that the store itself calls faulty.
 *
 * @param list The list.
 * @returns What a shopper knows them by: the nickname, else the product's name, else the id.
 */
export function itemsWithErrors(list: ListView): readonly string[] {
  return list.items
    .map((item, index) => ({ item, position: index + 1 }))
    .filter(({ item }) => item.validations.some(({ level }) => level === ERROR_LEVEL))
    .map(({ item, position }) => nameOf(item) || `#${position}`);
}

function nameOf(item: ListItemView): string {
  return lenient(() => item.nickname, "").trim() ||
    lenient(() => item.product.name, "").trim() ||
    lenient(() => item.id, "");
}

function viewItem({ element, path }: Repeated): ListItemView {
  const text = (name: string) => readText(element[name], `${path}.${name}`);
  return {
    get id() {
      return text("ID");
    },
    get product() {
      const product = readElement(element.product, `${path}.product`);
      const of = (name: string) => readText(product[name], `${path}.product.${name}`);
      return {
        get id() {
          return of("ID");
        },
        get name() {
          return of("name");
        },
        get catalogNumber() {
          return of("catalogNumber");
        },
      };
    },
    get nickname() {
      return text("nickname");
    },
    get quantity() {
      return needDecimal(element.quantity, `${path}.quantity`);
    },
    get validations() {
      return readMany(element.validations, "validation", `${path}.validations`).map(viewValidation);
    },
  };
}

function viewValidation({ element, path }: Repeated): ValidationView {
  return {
    get type() {
      return readDecimal(element.type, `${path}.type`) ?? 0;
    },
    get level() {
      return readDecimal(element.level, `${path}.level`) ?? 0;
    },
    get message() {
      return readText(element.message, `${path}.message`);
    },
  };
}
