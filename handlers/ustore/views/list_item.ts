/** The items of an exported list, as rules see them. */
import {
  type Element,
  needDecimal,
  readDecimal,
  readElement,
  readMany,
  readText,
  type Repeated,
} from "./fields.ts";

/** One item of a cart list. */
export interface ListItemView {
  readonly id: string;
  readonly product: ListProductView;
  readonly nickname: string;
  readonly quantity: number;
  readonly validations: readonly ValidationView[];
}

/** The product of an item of a cart list. */
interface ListProductView {
  readonly id: string;
  readonly name: string;
  readonly catalogNumber: string;
}

/** What the store says of an item. Types beyond the published ones are as good as any. */
export interface ValidationView {
  readonly type: number;
  /** 1 warning, 2 error. */
  readonly level: number;
  readonly message: string;
}

/**
 * Views one item.
 *
 * @param repeated The item, with its path for errors.
 */
export function viewListItem(repeated: Repeated): ListItemView {
  return new ListItem(repeated);
}

class ListItem implements ListItemView {
  readonly #element: Element;
  readonly #path: string;

  constructor({ element, path }: Repeated) {
    this.#element = element;
    this.#path = path;
  }

  get id() {
    return this.#text("ID");
  }

  get product() {
    const path = `${this.#path}.product`;
    return new Product(readElement(this.#element.product, path), path);
  }

  get nickname() {
    return this.#text("nickname");
  }

  get quantity() {
    return needDecimal(this.#element.quantity, `${this.#path}.quantity`);
  }

  get validations() {
    return readMany(this.#element.validations, "validation", `${this.#path}.validations`)
      .map((validation) => new Validation(validation));
  }

  #text(name: string): string {
    return readText(this.#element[name], `${this.#path}.${name}`);
  }
}

class Product implements ListProductView {
  readonly #element: Element;
  readonly #path: string;

  constructor(element: Element, path: string) {
    this.#element = element;
    this.#path = path;
  }

  get id() {
    return this.#text("ID");
  }

  get name() {
    return this.#text("name");
  }

  get catalogNumber() {
    return this.#text("catalogNumber");
  }

  #text(name: string): string {
    return readText(this.#element[name], `${this.#path}.${name}`);
  }
}

class Validation implements ValidationView {
  readonly #element: Element;
  readonly #path: string;

  constructor({ element, path }: Repeated) {
    this.#element = element;
    this.#path = path;
  }

  get type() {
    return readDecimal(this.#element.type, `${this.#path}.type`) ?? 0;
  }

  get level() {
    return readDecimal(this.#element.level, `${this.#path}.level`) ?? 0;
  }

  get message() {
    return readText(this.#element.message, `${this.#path}.message`);
  }
}
