/** The parts of an order that hold a few texts each. */
import { type Element, readText } from "./fields.ts";

/** How the order is paid. */
export interface ClearingView {
  readonly type: string;
}

/** The store that it comes from. */
export interface StoreView {
  readonly id: string;
  readonly externalId: string;
}

/** The shopper. */
export interface UserView {
  readonly id: string;
  readonly externalId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly company: string;
  readonly department: string;
  readonly jobTitle: string;
}

/**
 * Views how an order is paid.
 *
 * @param clearing `Order.Clearing`.
 */
export function viewClearing(clearing: Element): ClearingView {
  return new Clearing(clearing);
}

/**
 * Views the store of an order.
 *
 * @param store `Order.Store`.
 */
export function viewStore(store: Element): StoreView {
  return new Store(store);
}

/**
 * Views the shopper of an order.
 *
 * @param user `Order.User`.
 */
export function viewUser(user: Element): UserView {
  return new User(user);
}

class Clearing implements ClearingView {
  readonly #clearing: Element;

  constructor(clearing: Element) {
    this.#clearing = clearing;
  }

  get type() {
    return readText(this.#clearing["@type"], "Order.Clearing.@type");
  }
}

class Store implements StoreView {
  readonly #store: Element;

  constructor(store: Element) {
    this.#store = store;
  }

  get id() {
    return readText(this.#store["@Id"], "Order.Store.@Id");
  }

  get externalId() {
    return readText(this.#store["@externalId"], "Order.Store.@externalId");
  }
}

class User implements UserView {
  readonly #user: Element;

  constructor(user: Element) {
    this.#user = user;
  }

  get id() {
    return this.#text("@UserId");
  }

  get externalId() {
    return this.#text("@externalId");
  }

  get firstName() {
    return this.#text("FirstName");
  }

  get lastName() {
    return this.#text("LastName");
  }

  get email() {
    return this.#text("Email");
  }

  get company() {
    return this.#text("Company");
  }

  get department() {
    return this.#text("Department");
  }

  get jobTitle() {
    return this.#text("JobTitle");
  }

  #text(name: string): string {
    return readText(this.#user[name], `Order.User.${name}`);
  }
}
