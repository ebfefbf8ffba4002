/** The kinds of fields that a table of a view has: what each is to rules, and how it is read. */
import { ShapeError } from "../../lib/rules/cel/evaluation.ts";
import {
  decimalSchema,
  type ElementView,
  type FieldTable,
  type FieldValues,
  orEmpty,
  pathBelow,
  repeatedSchema,
  scalarSchema,
  shapeOf,
  type ViewClass,
  type ViewField,
} from "./views.ts";
import {
  type Element,
  isEmpty,
  needDecimal,
  needMany,
  readDecimal,
  readElement,
  readMany,
  readText,
} from "./elements.ts";

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
    shape: shapeOf(all, scalarSchema),
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
    shape: shapeOf([place], decimalSchema),
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
    shape: shapeOf(all, Part.isShared ? orEmpty(Part.document) : Part.shape),
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
    shape: shapeOf(all, repeatedSchema(name, One.document)),
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
