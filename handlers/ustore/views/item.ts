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
import { ElementView } from "./element_view.ts";
import { type ProductView, viewProduct } from "./product.ts";

/** Who makes an item. */
export interface ManufacturerView {
  readonly externalId: string;
  readonly name: string;
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
  readonly manufacturer: ManufacturerView;
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
export function viewItem(repeated: Repeated, position: number, shipToOf: ShipToOf): ItemView {
  return new Item(repeated, position, shipToOf);
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

type ShipToOf = (id: string) => Address | undefined;

class Item implements ItemView {
  readonly path: string;
  readonly position: number;
  readonly #element: Element;
  readonly #shipToOf: ShipToOf;
  // Remembered, for every rule asks for them again.
  #properties: ItemView["properties"] | undefined;
  #dials: ItemView["dials"] | undefined;
  #shipTo: Address | undefined;

  constructor({ element, path }: Repeated, position: number, shipToOf: ShipToOf) {
    this.path = path;
    this.position = position;
    this.#element = element;
    this.#shipToOf = shipToOf;
  }

  get id() {
    return readText(this.#element["@id"], `${this.path}.@id`);
  }

  get product() {
    const path = `${this.path}.Product`;
    return viewProduct(readElement(this.#element.Product, path), path);
  }

  get quantity() {
    return this.#number("Quantities", "TotalUnits");
  }

  get recipients() {
    return this.#number("Quantities", "NumberOfRecipients");
  }

  get copies() {
    return this.#number("Quantities", "NumberOfCopies");
  }

  get unit() {
    return readText(this.#element.ProductUnit, `${this.path}.ProductUnit`);
  }

  get total() {
    return this.#number("Prices", "TotalPrice");
  }

  get properties() {
    const path = `${this.path}.PropertyValues`;
    this.#properties ??= readNamed(this.#element.PropertyValues, "Property", path);
    return this.#properties;
  }

  get dials() {
    this.#dials ??= readNamed(this.#element.DialValues, "Dial", `${this.path}.DialValues`);
    return this.#dials;
  }

  get manufacturer() {
    return viewManufacturer(this.#element, this.path);
  }

  get shipTo() {
    this.#shipTo ??= ownShipTo(this.#element, this.path) ?? this.#shipToOf(this.id) ??
      viewAddress({}, this.path);
    return this.#shipTo;
  }

  #number(group: string, name: string): number {
    const path = `${this.path}.${group}`;
    return needDecimal(readElement(this.#element[group], path)[name], `${path}.${name}`);
  }
}

/** Set on the item by the manufacturer webhook's document, on the product alone by the approval's. */
function viewManufacturer(item: Element, path: string): ManufacturerView {
  const onItem = !isEmpty(item.Manufacturer);
  const place = onItem ? `${path}.Manufacturer` : `${path}.Product.Manufacturer`;
  const holder = onItem ? item : readElement(item.Product, `${path}.Product`);
  return new Manufacturer({ element: readElement(holder.Manufacturer, place), path: place });
}

class Manufacturer extends ElementView implements ManufacturerView {
  get externalId() {
    return this.text("@externalId");
  }

  get name() {
    return this.text("Name");
  }
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
