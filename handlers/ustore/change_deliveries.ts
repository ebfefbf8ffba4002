/** Where items go in an order that a test changes: with another one, or apart from all others. */
import { copyDocument } from "../../lib/trials/rule_tests/change_document.ts";
import { insertElement, textOfScalar } from "./element_places.ts";
import { type Element, isElement } from "./elements.ts";
import { DeliveryView, ItemView } from "./order.ts";
import type { ElementView } from "./views.ts";

/**
 * Has an item go where another one goes.
 *
 * @param value The element in which the deliveries are, whatever else is in it.
 * @param from The id of the other one.
 * @param to The id of the item.
 */
export function deliverToo(value: unknown, from: string, to: string): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    const own = value.find((one) => isElement(one) && idOfDelivered(one) === from);
    if (own === undefined) { for (const one of value) deliverToo(one, from, to); }
    else value.push(deliveredLike(own, to));
    return;
  }
  for (const [name, member] of Object.entries(value)) {
    const isDelivered = /^DeliveryItems?$/.test(name) && isElement(member) &&
      idOfDelivered(member) === from;
    if (isDelivered) Reflect.set(value, name, [member, deliveredLike(member, to)]);
    else deliverToo(member, from, to);
  }
}

/**
 * Gives an item that goes somewhere with others a delivery of its own, to the same place: what a test
 * says of it alone is not to be said of the others.
 *
 * @param item The item, or anything else.
 * @param delivery The delivery by which it goes, or anything else.
 * @returns Whether that was done; the document has to be viewed anew then.
 */
export function deliverApart(item: ElementView, delivery: ElementView): boolean {
  if (!(item instanceof ItemView && delivery instanceof DeliveryView)) return false;
  const { parent, place } = delivery.source;
  const isShared = delivery.itemIds.some((id) => id !== item.id);
  if (parent === undefined || !isShared || item.id === "") return false;
  const { DeliveryItems: all } = delivery.element;
  const own = copyDocument(delivery.element);
  if (!isElement(own)) return false;
  Reflect.set(own, "DeliveryItems", itemsIn(all, (id) => id === item.id));
  // What all of it costs stays the same.
  Reflect.deleteProperty(own, "DeliveryPrice");
  Reflect.set(delivery.element, "DeliveryItems", itemsIn(all, (id) => id !== item.id));
  insertElement(parent.element, place, own, "next");
  return true;
}

/** Those that are wanted, in the form in which all stand there. */
function itemsIn(value: unknown, isWanted: (id: string | undefined) => boolean): unknown {
  if (Array.isArray(value)) {
    return value.filter((one) => isElement(one) && isWanted(idOfDelivered(one)));
  }
  if (!isElement(value)) return value;
  if (Object.hasOwn(value, "DeliveryItem")) {
    return { ...value, DeliveryItem: itemsIn(value.DeliveryItem, isWanted) };
  }
  return isWanted(idOfDelivered(value)) ? value : null;
}

function deliveredLike(item: Element, id: string): Element {
  const { DeliveryItem: inner } = item;
  return isElement(inner) ? { DeliveryItem: deliveredLike(inner, id) } : {
    ...item,
    OrderProductId: id,
  };
}

/** The id of the item that is delivered; it may have an element of its own around it. */
function idOfDelivered(item: Element): string | undefined {
  const one = isElement(item.DeliveryItem) ? item.DeliveryItem : item;
  return textOfScalar(one.OrderProductId || one.OrderProductID || null);
}
