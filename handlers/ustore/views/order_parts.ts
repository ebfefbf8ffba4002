/** The parts of an order that hold a few texts each. */
import { ElementView } from "./element_view.ts";
import type { Repeated } from "./fields.ts";

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
export function viewClearing(clearing: Repeated): ClearingView {
  return new Clearing(clearing);
}

/**
 * Views the store of an order.
 *
 * @param store `Order.Store`.
 */
export function viewStore(store: Repeated): StoreView {
  return new Store(store);
}

/**
 * Views the shopper of an order.
 *
 * @param user `Order.User`.
 */
export function viewUser(user: Repeated): UserView {
  return new User(user);
}

class Clearing extends ElementView implements ClearingView {
  get type() {
    return this.text("@type");
  }
}

class Store extends ElementView implements StoreView {
  get id() {
    return this.text("@Id");
  }

  get externalId() {
    return this.text("@externalId");
  }
}

class User extends ElementView implements UserView {
  get id() {
    return this.text("@UserId");
  }

  get externalId() {
    return this.text("@externalId");
  }

  get firstName() {
    return this.text("FirstName");
  }

  get lastName() {
    return this.text("LastName");
  }

  get email() {
    return this.text("Email");
  }

  get company() {
    return this.text("Company");
  }

  get department() {
    return this.text("Department");
  }

  get jobTitle() {
    return this.text("JobTitle");
  }
}
