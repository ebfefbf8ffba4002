import { ElementView } from "./element_view.ts";
import { type Element, readText } from "./fields.ts";

/** The product of an order item. */
export interface ProductView {
  readonly id: string;
  readonly externalId: string;
  readonly name: string;
  readonly catalogNumber: string;
  /** E.g. `StaticPrint`, `DynamicPrint`. */
  readonly type: string;
  readonly taxCode: string;
  /** The name of its tax group, e.g. `Regular Tax`. */
  readonly taxGroup: string;
}

/**
 * Views the product of an order item.
 *
 * @param element The product element.
 * @param path Where it stands.
 */
export function viewProduct(element: Element, path: string): ProductView {
  return new Product({ element, path });
}

class Product extends ElementView implements ProductView {
  get id() {
    return this.text("@id");
  }

  get externalId() {
    return this.text("@externalId");
  }

  get name() {
    return this.text("Name");
  }

  get catalogNumber() {
    return this.text("CatalogNumber");
  }

  get type() {
    return this.text("Type");
  }

  get taxCode() {
    return this.#tax("TaxCode");
  }

  get taxGroup() {
    return this.#tax("Name");
  }

  #tax(name: "TaxCode" | "Name"): string {
    const { element, path } = this.child("TaxGroup");
    return readText(element[name], `${path}.${name}`);
  }
}
