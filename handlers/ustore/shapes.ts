/**
 * What is told of views without a document: the types of the language of rules, and the description
 * of the documents, which OpenAPI shows. A description judges nothing: a field is judged when a rule
 * reads it, by `elements.ts`.
 */
import * as z from "zod";
import { lazy } from "../../lib/util/memory.ts";
import type { DefinedView, FieldTable } from "./views.ts";

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

/** How the description of a view's element differs from what its fields say. */
export interface ElementDescription {
  /** The name under which the description stands by itself. */
  readonly id?: string;
  readonly description?: string;
  /** Describes what is read beside the fields. */
  readonly beside?: () => ElementShape;
}

/**
 * Describes the element of a view by what is read of it, when somebody asks.
 *
 * @param fields The fields of the view.
 * @param description What the fields do not say of it.
 */
export function describeElement(
  fields: FieldTable,
  { beside = () => ({}), ...meta }: ElementDescription,
): Pick<DefinedView, "shape" | "document" | "isShared"> {
  const isShared = meta.id !== undefined;
  const shape = lazy(() =>
    Object.values(fields).reduce(
      (merged, field) => mergeShapes(merged, field.shape()),
      beside(),
    )
  );
  const document = lazy(() => {
    const plain = z.looseObject(childSchemas(shape()));
    return isShared ? plain.meta(meta) : plain;
  });
  return { shape, document, isShared };
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
function childSchemas(shape: ElementShape): z.ZodRawShape {
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
function mergeShapes(one: ElementShape, other: ElementShape): ElementShape {
  const merged: Record<string, ElementShape[string]> = { ...one };
  for (const [name, child] of Object.entries(other)) {
    const before = merged[name];
    merged[name] = before === undefined || before instanceof z.ZodType || child instanceof z.ZodType
      ? child
      : mergeShapes(before, child);
  }
  return merged;
}
