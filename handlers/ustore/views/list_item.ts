/** The items of an exported list, as rules see them. */
import type { JsonNumber } from "../../../lib/util/exact_json.ts";
import { ElementView } from "./element_view.ts";
import { needDecimal, readDecimal, readExactDecimal, readMany, type Repeated } from "./fields.ts";

/** One item of a cart list. */
export interface ListItemView {
  readonly id: string;
  readonly product: ListProductView;
  readonly nickname: string;
  readonly quantity: number;
  /** The quantity with the text that was sent, to hand it on; rules do not see it. */
  readonly exactQuantity: JsonNumber | undefined;
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

class ListItem extends ElementView implements ListItemView {
  get id() {
    return this.text("ID");
  }

  get product() {
    return new Product(this.child("product"));
  }

  get nickname() {
    return this.text("nickname");
  }

  get quantity() {
    return needDecimal(this.fieldOf("quantity"), this.pathOf("quantity"));
  }

  get exactQuantity() {
    return readExactDecimal(this.fieldOf("quantity"), this.pathOf("quantity"));
  }

  get validations() {
    return readMany(this.fieldOf("validations"), "validation", this.pathOf("validations"))
      .map((validation) => new Validation(validation));
  }
}

class Product extends ElementView implements ListProductView {
  get id() {
    return this.text("ID");
  }

  get name() {
    return this.text("name");
  }

  get catalogNumber() {
    return this.text("catalogNumber");
  }
}

class Validation extends ElementView implements ValidationView {
  get type() {
    return readDecimal(this.fieldOf("type"), this.pathOf("type")) ?? 0;
  }

  get level() {
    return readDecimal(this.fieldOf("level"), this.pathOf("level")) ?? 0;
  }

  get message() {
    return this.text("message");
  }
}
