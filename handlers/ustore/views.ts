/**
 * Makes views of a uStore document out of tables of fields. One line of a table says where a field
 * stands in the document and what it is: the view that rules read, its static type, the types of
 * the language of rules, the description of the document and the reference page are made of it.
 *
 * A view reads a field only when it is asked for it: what no rule reads is never judged, and an
 * order of ten thousand items costs what its rules look at. Its getters stand on a prototype, made
 * once: an object literal with getters keeps its document for long, see docs/architecture.md.
 */
import type * as z from "zod";
import { ShapeError } from "../../lib/rules/cel/evaluation.ts";
import {
  type Element,
  isEmpty,
  needDecimal,
  needMany,
  readDecimal,
  readElement,
  readMany,
  readText,
  type Repeated,
} from "./elements.ts";
import {
  decimalSchema,
  describeElement,
  type ElementDescription,
  type ElementShape,
  orEmpty,
  repeatedSchema,
  scalarSchema,
  shapeOf,
} from "./shapes.ts";

/** A field of a view. */
export interface ViewField<Value = unknown> {
  /** Its type as a vocabulary writes it. */
  readonly type: string;
  /** The view that it is one of, or a list of. */
  readonly of?: DefinedView;
  /** Where it stands below the view's element, e.g. `Prices.Tax`: the names in the document. */
  readonly places: readonly string[];
  /** Describes what stands there: few ask. */
  readonly shape: () => ElementShape;
  /** What people should know beside its name. */
  readonly about: string;
  /** @throws {ShapeError} When something else stands there. */
  readonly read: (view: ElementView) => Value;
}

/** The fields of a view by the names that rules use. */
export type FieldTable = Readonly<Record<string, ViewField>>;

/** The fields of a view with their values. */
export type FieldValues<Fields extends FieldTable> = {
  readonly [Name in keyof Fields]: ReturnType<Fields[Name]["read"]>;
};

/** An element of the document, whose fields are read when they are asked for. */
export class ElementView implements Repeated {
  // One property, for every kind of view: V8 takes its time to write each of a new shape.
  readonly source: ViewSource;

  constructor(element: Element, place: string, parent?: ElementView, position = 1) {
    this.source = { element, place, parent, position, kept: undefined };
  }

  get element(): Element {
    return this.source.element;
  }

  /** Where it stands in the document, e.g. `Order.BillingAddress`; put together for errors alone. */
  get path(): string {
    const { place, parent } = this.source;
    return parent === undefined ? place : pathBelow(parent.path, place);
  }
}

/** What a view is of. */
interface ViewSource {
  readonly element: Element;
  /** Where it stands below the parent's element, or in the document. */
  readonly place: string;
  /** The view through which it was read. */
  readonly parent: ElementView | undefined;
  /** Its place among those of its kind, from 1. */
  readonly position: number;
  /** What {@linkcode oncePerView} has read: few things, one behind the other. */
  kept: KeptValue | undefined;
}

interface KeptValue {
  readonly by: unknown;
  readonly value: unknown;
  readonly next: KeptValue | undefined;
}

/** A class of views, as far as no field is named. */
export interface DefinedView {
  /** What the language of rules calls it. */
  readonly typeName: string;
  readonly fields: FieldTable;
  /** Describes what is read of its element. */
  readonly shape: () => ElementShape;
  /** The description of its element. */
  readonly document: () => z.ZodObject;
  /** Whether the description stands by itself under a name, and is referred to. */
  readonly isShared: boolean;
}

/** A class of views of one kind of element. */
export interface ViewClass<Fields extends FieldTable> extends DefinedView {
  readonly fields: Fields;
  new (
    element: Element,
    place: string,
    parent?: ElementView,
    position?: number,
  ): ElementView & FieldValues<Fields>;
}

/**
 * Defines a kind of view.
 *
 * @param typeName What the language of rules calls it.
 * @param fields Its fields.
 * @param description What the fields do not say of its element.
 * @returns The class.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const Store = defineView("Store", { id: textField("@Id"), name: textField(["Name", "Title"]) });
 * const store = new Store({ "@Id": 7, Title: "Prints" }, "Order.Store");
 * assertEquals([store.id, store.name], ["7", "Prints"]);
 * ```
 */
export function defineView<const Fields extends FieldTable>(
  typeName: string,
  fields: Fields,
  description: ElementDescription = {},
): ViewClass<Fields> {
  const { shape, document, isShared } = describeElement(fields, description);
  const Defined = class extends ElementView {
    static readonly typeName = typeName;
    static readonly fields = fields;
    static readonly shape = shape;
    static readonly document = document;
    static readonly isShared = isShared;
  };
  for (const [name, { read }] of Object.entries(fields)) {
    Object.defineProperty(Defined.prototype, name, {
      get(this: ElementView): unknown {
        return read(this);
      },
    });
  }
  // The compiler does not see what was defined on the prototype: a getter for each field.
  return Defined as unknown as ViewClass<Fields>;
}

/**
 * Keeps with a view what was read of it: rules ask for it again and again. What cannot be read
 * throws each time.
 *
 * @param read Reads it.
 */
export function oncePerView<Value extends object>(
  read: (view: ElementView) => Value,
): (view: ElementView) => Value {
  return (view) => {
    const { source } = view;
    for (let kept = source.kept; kept !== undefined; kept = kept.next) {
      // Nothing but this function notes anything under its name.
      if (kept.by === read) return kept.value as Value;
    }
    const value = read(view);
    source.kept = { by: read, value, next: source.kept };
    return value;
  };
}

/** A path with what stands below it. */
export function pathBelow(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** One place below the view's element or several: the first that has text counts. */
type Places = string | readonly string[];

/**
 * A text; `""` when it is empty.
 *
 * @param places Where it stands, e.g. `@id`, `TaxGroup.TaxCode`.
 * @param about What people should know of it.
 */
export function textField(places: Places, about = ""): ViewField<string> {
  const all = [places].flat();
  const [read = () => "", ...others] = all.map(readingText);
  return {
    type: "string",
    places: all,
    shape: () => shapeOf(all, scalarSchema),
    about,
    read: others.length === 0 ? read : (view) => {
      const found = read(view);
      if (found !== "") return found;
      for (const readOther of others) {
        const other = readOther(view);
        if (other !== "") return other;
      }
      return "";
    },
  };
}

/** A number that must be there. */
export function decimalField(place: string, about = ""): ViewField<number> {
  return {
    type: "number",
    places: [place],
    shape: () => shapeOf([place], decimalSchema),
    about,
    read: reading(place, needDecimal),
  };
}

/** A number that is 0 when it is missing. */
export function decimalOrZeroField(place: string, about = ""): ViewField<number> {
  const read = reading(place, readDecimal);
  return { ...decimalField(place, about), read: (view) => read(view) ?? 0 };
}

/**
 * An element below this one, which may be empty.
 *
 * @param places Where it stands; of several the first that is not empty.
 * @param Part Its view.
 * @param about What people should know of it.
 */
export function elementField<Fields extends FieldTable>(
  places: Places,
  Part: ViewClass<Fields>,
  about = "",
): ViewField<ElementView & FieldValues<Fields>> {
  const all = [places].flat();
  const last = all.at(-1) ?? "";
  const readLast = reading(last, readElement);
  const others = all.slice(0, -1).map((place) => ({ place, read: reading(place, readFull) }));
  return {
    type: Part.typeName,
    of: Part,
    places: all,
    shape: () => shapeOf(all, Part.isShared ? orEmpty(Part.document()) : Part.shape()),
    about,
    read: others.length === 0 ? (view) => new Part(readLast(view), last, view) : (view) => {
      for (const { place, read } of others) {
        const element = read(view);
        if (element !== undefined) return new Part(element, place, view);
      }
      return new Part(readLast(view), last, view);
    },
  };
}

function readFull(value: unknown, path: string): Element | undefined {
  return isEmpty(value) ? undefined : readElement(value, path);
}

/**
 * An element that can repeat.
 *
 * @param places Where it stands; those of all places count.
 * @param name What it is called there.
 * @param One The view of each.
 * @param about What people should know of it.
 */
export function repeatedField<Fields extends FieldTable>(
  places: Places,
  name: string,
  One: ViewClass<Fields>,
  about = "",
): ViewField<readonly (ElementView & FieldValues<Fields>)[]> {
  return listField(readMany, places, name, One, about);
}

/** The same where it must be there: only a list without anything in it says that there is none. */
export function neededRepeatedField<Fields extends FieldTable>(
  places: Places,
  name: string,
  One: ViewClass<Fields>,
  about = "",
): ViewField<readonly (ElementView & FieldValues<Fields>)[]> {
  return listField(needMany, places, name, One, about);
}

function listField<Fields extends FieldTable>(
  readAll: typeof readMany,
  places: Places,
  name: string,
  One: ViewClass<Fields>,
  about: string,
): ViewField<readonly (ElementView & FieldValues<Fields>)[]> {
  const all = [places].flat();
  const [readFirst = () => [], ...others] = all.map((place) =>
    reading(place, (value, path) => readAll(value, name, path))
  );
  return {
    type: `list<${One.typeName}>`,
    of: One,
    places: all,
    shape: () => shapeOf(all, repeatedSchema(name, One.document())),
    about,
    read(view) {
      let found = readFirst(view);
      for (const read of others) {
        const more = read(view);
        if (more.length > 0) found = found.length === 0 ? more : [...found, ...more];
      }
      return found.map(({ element, path }, index) => new One(element, path, view, index + 1));
    },
  };
}

/** Reads a text, by a shorter way where it is one already: most of what rules read is. */
function readingText(place: string): (view: ElementView) => string {
  const read = reading(place, readText);
  if (place.includes(".")) return read;
  return (view) => {
    const value = view.source.element[place];
    return typeof value === "string" && !isEmpty(value) ? value : read(view);
  };
}

/**
 * Makes what reads a value below a view's element.
 *
 * @param place Where it stands: `@id`, or `Prices.Tax`.
 * @param read Reads it, given where it stands below the view's element.
 */
export function reading<Value>(
  place: string,
  read: (value: unknown, path: string) => Value,
): (view: ElementView) => Value {
  const [first = "", second] = place.split(".");
  return (view) => {
    try {
      const value = view.source.element[first];
      return second === undefined
        ? read(value, first)
        : read(readElement(value, first)[second], place);
    } catch (error) {
      // The whole path is put together where it is told: to do it for each field takes time.
      throw error instanceof ShapeError
        ? new ShapeError(pathBelow(view.path, error.path), error.found, error.wanted)
        : error;
    }
  };
}
