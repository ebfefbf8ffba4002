/**
 * The document of the cart export webhook, as rules see it.
 *
 * Source: the vendor's page on the cart export webhook. Its casing is mixed (`ID`, `externalID`);
 * ids are expected to be GUID strings, numbers are accepted.
 */
import { type Element, isEmpty, misshapen, needMany, readElement, readText } from "./fields.ts";
import { ElementView } from "./element_view.ts";
import { lenient } from "./lenient.ts";
import { type ListItemView, viewListItem } from "./list_item.ts";

/** A cart list that a shopper exports, with who exports it and where. */
export interface ExportView {
  readonly user: ListUserView;
  readonly store: ListStoreView;
  readonly list: ListView;
}

/** The shopper who exports a list. */
interface ListUserView {
  readonly id: string;
  readonly email: string;
}

/** The store from which it is exported. */
interface ListStoreView {
  readonly id: string;
  readonly name: string;
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
  return new Export(root, new List(list, id));
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

class Export implements ExportView {
  readonly list: ListView;
  readonly #root: Element;

  constructor(root: Element, list: ListView) {
    this.list = list;
    this.#root = root;
  }

  get user() {
    return new User({ element: readElement(this.#root.user, "user"), path: "user" });
  }

  get store() {
    return new Store({ element: readElement(this.#root.store, "store"), path: "store" });
  }
}

class User extends ElementView implements ListUserView {
  get id() {
    return this.text("id");
  }

  get email() {
    return this.text("email");
  }
}

class Store extends ElementView implements ListStoreView {
  get id() {
    return this.text("id");
  }

  get name() {
    return this.text("name");
  }
}

class List extends ElementView implements ListView {
  readonly id: string;

  constructor(list: Element, id: string) {
    super({ element: list, path: "list" });
    this.id = id;
  }

  get externalId() {
    return this.text("externalID");
  }

  get modificationDate() {
    return this.text("modificationDate");
  }

  get lastExportDate() {
    return this.text("lastExportDate");
  }

  get items() {
    return needMany(this.fieldOf("items"), "item", this.pathOf("items")).map(viewListItem);
  }
}
