/**
 * Makes views of a uStore document out of tables of fields. One line of a table says where a field
 * stands in the document and what it is: the view that rules read, its static type, the types of
 * the language of rules, the description of the document and the reference page are made of it.
 *
 * A view reads a field only when it is asked for it: what no rule reads is never judged, and an
 * order of ten thousand items costs what its rules look at. Its getters stand on a prototype, made
 * once: an object literal with getters keeps its document for long, see docs/architecture.md.
 *
 * The forms of the document describe and judge nothing: a field is judged when a rule reads it, by
 * `elements.ts`.
 */
import * as z from "zod";
import type { Element, Repeated } from "./elements.ts";

/** A field of a view. */
export interface ViewField<Value = unknown> {
  /** Its type as a vocabulary writes it. */
  readonly type: string;
  /** The view that it is one of, or a list of. */
  readonly of?: DefinedView;
  /** Where it stands below the view's element, e.g. `Prices.Tax`: the names in the document. */
  readonly places: readonly string[];
  /** What stands there. */
  readonly shape: ElementShape;
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
  /** What is read of its element. */
  readonly shape: ElementShape;
  /** The description of its element. */
  readonly document: z.ZodObject;
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

/** How the description of a view's element differs from what its fields say. */
export interface ElementDescription {
  /** The name under which the description stands by itself. */
  readonly id?: string;
  readonly description?: string;
  /** What is read beside the fields. */
  readonly beside?: ElementShape;
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
 * import { textField } from "./fields.ts";
 *
 * const Store = defineView("Store", { id: textField("@Id"), name: textField(["Name", "Title"]) });
 * const store = new Store({ "@Id": 7, Title: "Prints" }, "Order.Store");
 * assertEquals([store.id, store.name], ["7", "Prints"]);
 * ```
 */
export function defineView<const Fields extends FieldTable>(
  typeName: string,
  fields: Fields,
  { beside = {}, ...meta }: ElementDescription = {},
): ViewClass<Fields> {
  const shape = Object.values(fields).reduce(
    (merged, field) => mergeShapes(merged, field.shape),
    beside,
  );
  const document = z.looseObject(childSchemas(shape));
  const Defined = class extends ElementView {
    static readonly typeName = typeName;
    static readonly fields = fields;
    static readonly shape = shape;
    static readonly document = meta.id === undefined ? document : document.meta(meta);
    static readonly isShared = meta.id !== undefined;
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
 * Lists the types of a view and of all that it holds, for a vocabulary.
 *
 * @param view The view.
 * @returns The types of the fields, by the names of the types.
 */
export function fieldTypesOf(view: DefinedView): Record<string, Record<string, string>> {
  return Object.fromEntries(
    viewsWithin(view).map(({ typeName, fields }) => [
      typeName,
      Object.fromEntries(Object.entries(fields).map(([name, { type }]) => [name, type])),
    ]),
  );
}

/**
 * Lists a view and all kinds of views that it holds, each once.
 *
 * @param view The view.
 * @param found Those that are listed already.
 */
export function viewsWithin(
  view: DefinedView,
  found: Set<DefinedView> = new Set(),
): readonly DefinedView[] {
  found.add(view);
  for (const { of } of Object.values(view.fields)) {
    if (of !== undefined && !found.has(of)) viewsWithin(of, found);
  }
  return [...found];
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

/** What stands below an element of the document: each child, or its children. */
export interface ElementShape {
  readonly [name: string]: z.ZodType | ElementShape;
}

const attributed = z.looseObject({ "#text": z.string().optional() });

/** The description of a scalar. */
export const scalarSchema = z.union([z.string(), z.number(), z.boolean(), z.null(), attributed])
  .meta({
    id: "UStoreText",
    description: "Text. Beside attributes it is `#text`; empty is null, an empty text or missing.",
  }).optional();

/** The description of a number. */
export const decimalSchema = z.union([z.string(), z.number(), z.null(), attributed]).meta({
  id: "UStoreDecimal",
  description: 'A decimal, mostly as text: "15.3705000000". Beside attributes it is `#text`.',
}).optional();

/** The description of an element that may be empty or missing. */
export function orEmpty(schema: z.ZodType): z.ZodType {
  return z.union([schema, nothing]).optional();
}

const nothing = z.union([z.null(), z.string().regex(/^\s*$/)]);

/**
 * The description of an element that can repeat: a list below its name or, when single, an object.
 *
 * @param name The name of the repeated element.
 * @param one What each is.
 */
export function repeatedSchema(name: string, one: z.ZodType): z.ZodType {
  const several = z.array(z.union([one, nothing]));
  return z.union([
    z.looseObject({ [name]: z.union([several, one, nothing]).optional() }),
    several,
    nothing,
  ]).optional();
}

/**
 * The descriptions of what stands below an element. Children that are not listed are left alone.
 *
 * @param shape What stands there.
 */
export function childSchemas(shape: ElementShape): z.ZodRawShape {
  return Object.fromEntries(
    Object.entries(shape).map(([name, child]) => [
      name,
      child instanceof z.ZodType ? child : orEmpty(z.looseObject(childSchemas(child))),
    ]),
  );
}

/** The shape of the same at several places, e.g. `Prices.Tax`. */
export function shapeOf(
  places: readonly string[],
  what: ElementShape[string],
): ElementShape {
  return places.map((place) => nest(place.split("."), what)).reduce(mergeShapes);
}

function nest(
  [name = "", ...below]: readonly string[],
  what: ElementShape[string],
): ElementShape {
  return { [name]: below.length === 0 ? what : nest(below, what) };
}

/** What two shapes say together; of two descriptions of one place the second counts. */
export function mergeShapes(one: ElementShape, other: ElementShape): ElementShape {
  const merged: Record<string, ElementShape[string]> = { ...one };
  for (const [name, child] of Object.entries(other)) {
    const before = merged[name];
    merged[name] = before === undefined || before instanceof z.ZodType || child instanceof z.ZodType
      ? child
      : mergeShapes(before, child);
  }
  return merged;
}
