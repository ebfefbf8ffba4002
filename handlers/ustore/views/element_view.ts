import { type Element, readElement, readText, type Repeated } from "./fields.ts";

/** What the views of an element share: which one it is, and how its children are read. */
export abstract class ElementView {
  readonly #element: Element;
  readonly #path: string;

  /** @param repeated The element, with its path for errors. */
  constructor({ element, path }: Repeated) {
    this.#element = element;
    this.#path = path;
  }

  /** A child as it stands in the document. */
  protected fieldOf(name: string): unknown {
    return this.#element[name];
  }

  /** Where a child stands. */
  protected pathOf(name: string): string {
    return `${this.#path}.${name}`;
  }

  /**
   * The text of a child; `""` when it is empty.
   *
   * @throws {ShapeError} When it is no text.
   */
  protected text(name: string): string {
    return readText(this.#element[name], this.pathOf(name));
  }

  /**
   * A child that has children.
   *
   * @throws {ShapeError} When it is no element.
   */
  protected child(name: string): Repeated {
    const path = this.pathOf(name);
    return { element: readElement(this.#element[name], path), path };
  }
}
