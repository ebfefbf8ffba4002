import { type Address, viewAddress } from "./address.ts";
import {
  type Element,
  isEmpty,
  misshapen,
  needDecimal,
  readElement,
  readMany,
  readText,
  type Repeated,
} from "./fields.ts";

/** The product of an order item. */
export interface ProductView {
  readonly id: string;
  readonly externalId: string;
  readonly name: string;
  readonly catalogNumber: string;
  /** E.g. `StaticPrint`, `DynamicPrint`. */
  readonly type: string;
  readonly taxCode: string;
}

/** One order item, an `OrderProduct`. */
export interface ItemView {
  /** Where it stands in the document, for messages; rules do not see it. */
  readonly path: string;
  readonly id: string;
  /** Its place in the order, from 1. */
  readonly position: number;
  readonly product: ProductView;
  /** Units in total. */
  readonly quantity: number;
  readonly recipients: number;
  readonly copies: number;
  /** The name of the unit, e.g. `Item`. */
  readonly unit: string;
  readonly total: number;
  /** Values by the property's display name. */
  readonly properties: ReadonlyMap<string, string>;
  /** Values by the dial's display name. */
  readonly dials: ReadonlyMap<string, string>;
  /** The manufacturer that the store has set so far. */
  readonly manufacturer: { readonly externalId: string; readonly name: string };
  /** Where the first delivery that holds the item goes. */
  readonly shipTo: Address;
}

/**
 * Views an order item.
 *
 * @param repeated Its element and place.
 * @param position Its place in the order, from 1.
 * @param shipToOf The address to which the order's deliveries send an item, by the item's id.
 */
export function viewItem(
  { element, path }: Repeated,
  position: number,
  shipToOf: (id: string) => Address | undefined,
): ItemView {
  const quantities = () => readElement(element.Quantities, `${path}.Quantities`);
  const id = () => readText(element["@id"], `${path}.@id`);
  return {
    path,
    position,
    get id() {
      return id();
    },
    get product() {
      return viewProduct(readElement(element.Product, `${path}.Product`), `${path}.Product`);
    },
    get quantity() {
      return needDecimal(quantities().TotalUnits, `${path}.Quantities.TotalUnits`);
    },
    get recipients() {
      const place = `${path}.Quantities.NumberOfRecipients`;
      return needDecimal(quantities().NumberOfRecipients, place);
    },
    get copies() {
      return needDecimal(quantities().NumberOfCopies, `${path}.Quantities.NumberOfCopies`);
    },
    get unit() {
      return readText(element.ProductUnit, `${path}.ProductUnit`);
    },
    get total() {
      const prices = readElement(element.Prices, `${path}.Prices`);
      return needDecimal(prices.TotalPrice, `${path}.Prices.TotalPrice`);
    },
    get properties() {
      return readNamed(element.PropertyValues, "Property", `${path}.PropertyValues`);
    },
    get dials() {
      return readNamed(element.DialValues, "Dial", `${path}.DialValues`);
    },
    get manufacturer() {
      return viewManufacturer(element, path);
    },
    get shipTo() {
      return ownShipTo(element, path) ?? shipToOf(id()) ?? viewAddress({}, path);
    },
  };
}

/**
 * The id of an item, which an answer about it needs.
 *
 * @throws {ShapeError} When it has none.
 */
export function needItemId(item: ItemView): string {
  if (item.id === "") throw misshapen(`${item.path}.@id`, undefined, "id");
  return item.id;
}

function viewProduct(product: Element, path: string): ProductView {
  const text = (name: string) => readText(product[name], `${path}.${name}`);
  return {
    get id() {
      return text("@id");
    },
    get externalId() {
      return text("@externalId");
    },
    get name() {
      return text("Name");
    },
    get catalogNumber() {
      return text("CatalogNumber");
    },
    get type() {
      return text("Type");
    },
    get taxCode() {
      const group = readElement(product.TaxGroup, `${path}.TaxGroup`);
      return readText(group.TaxCode, `${path}.TaxGroup.TaxCode`);
    },
  };
}

/** Set on the item by the manufacturer webhook's document, on the product alone by the approval's. */
function viewManufacturer(item: Element, path: string): ItemView["manufacturer"] {
  const onItem = !isEmpty(item.Manufacturer);
  const place = onItem ? `${path}.Manufacturer` : `${path}.Product.Manufacturer`;
  const holder = onItem ? item : readElement(item.Product, `${path}.Product`);
  const manufacturer = readElement(holder.Manufacturer, place);
  return {
    get externalId() {
      return readText(manufacturer["@externalId"], `${place}.@externalId`);
    },
    get name() {
      return readText(manufacturer.Name, `${place}.Name`);
    },
  };
}

/** `PropertyValues.PropertyValue.{Property.DisplayName, Value}`, and the same of dials. */
function readNamed(values: unknown, name: "Property" | "Dial", path: string) {
  const named = new Map<string, string>();
  for (const value of readMany(values, `${name}Value`, path)) {
    const label = readElement(value.element[name], `${value.path}.${name}`);
    const key = readText(label.DisplayName, `${value.path}.${name}.DisplayName`);
    const text = readText(value.element.Value, `${value.path}.Value`);
    // Of several with one name the first that says something counts.
    if ((named.get(key) ?? "") === "") named.set(key, text);
  }
  return named;
}

/** The address of the item's own delivery, where the document holds one. */
function ownShipTo(item: Element, path: string): Address | undefined {
  for (const delivery of readMany(item.Deliveries, "Delivery", `${path}.Deliveries`)) {
    const place = `${delivery.path}.ShippingAddress`;
    if (!isEmpty(delivery.element.ShippingAddress)) {
      return viewAddress(readElement(delivery.element.ShippingAddress, place), place);
    }
  }
  return undefined;
}
