/**
 * Changes a uStore document by the names of fields that rules use: what a test says of an order, as
 * `{ "order.total": 612.40, "item.product.type": "StaticPrint" }`. Where a field stands the one
 * table of fields says, so a new field can be changed without a word here.
 */
import {
  type ChangeDocument,
  type ChangeTrouble,
  copyDocument,
  type FieldPath,
  MOST_ELEMENTS,
} from "../../lib/trials/rule_tests/change_document.ts";
import { ShapeError } from "../../lib/rules/cel/evaluation.ts";
import { nearest } from "../../lib/util/words.ts";
import { ExportView, viewExport } from "./cart_list.ts";
import { deliverApart, deliverToo } from "./change_deliveries.ts";
import {
  insertElement,
  setAtPlace,
  setTextAt,
  textOfScalar,
  valueAtPlace,
} from "./element_places.ts";
import { isElement, isEmpty } from "./elements.ts";
import { OrderView, viewOrder } from "./order.ts";
import { type DefinedView, ElementView, type ViewField } from "./views.ts";

/** Changes an order: `order.…`, and `item.…` for every item of it. */
export const changeOrder: ChangeDocument = (document, [variable, ...path], value) => {
  if (variable === "order") return changeField(() => viewOrder(document), OrderView, path, value);
  if (variable !== "item") return unknownName(variable, ["order", "item"]);
  const count = withTrouble(() => viewOrder(document).items.length);
  if (typeof count !== "number") return count;
  for (let index = 0; index < count; index++) {
    const one = ["items", index, ...path];
    const trouble = changeField(() => viewOrder(document), OrderView, one, value, "all");
    if (trouble !== undefined) return trouble;
  }
  return undefined;
};

/** Changes an exported list: `list.…`, `user.…` and `store.…`. */
export const changeList: ChangeDocument = (document, path, value) =>
  changeField(() => viewExport(document), ExportView, path, value);

/** What a step came to: a part that was missing was made, so that all is to be viewed anew. */
type Step = ChangeTrouble | "made" | undefined;

/** Whether one of a list is changed, or all that there are. */
type Reach = "one" | "all";

function changeField(
  view: () => ElementView,
  kind: DefinedView,
  path: FieldPath,
  value: unknown,
  reach: Reach = "one",
): ChangeTrouble | undefined {
  // Each step on the way may have to be made, once.
  for (let step = 0; step <= path.length; step++) {
    const done = withTrouble(() => walk(view(), kind, path, value, reach));
    if (done !== "made") return done ?? withTrouble(() => checkRead(view(), path, value));
  }
  return { message: "found no place for it in this document" };
}

/** What the document is instead of what it should be is in the way of a change, too. */
function withTrouble<Value>(work: () => Value): Value | ChangeTrouble {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    return { message: `found ${error.found} at ${error.path} of the document` };
  }
}

function walk(
  view: ElementView,
  kind: DefinedView,
  path: FieldPath,
  value: unknown,
  reach: Reach,
): Step {
  const [name, ...rest] = path;
  const known = Object.keys(kind.fields);
  if (typeof name !== "string") return unknownName(name, known);
  const field = Object.hasOwn(kind.fields, name) ? kind.fields[name] : undefined;
  if (field === undefined) return unknownName(name, known);
  if (field.of !== undefined && field.type.startsWith("list<")) {
    return walkList(view, field.of, name, rest, value, reach);
  }
  if (field.of !== undefined) return walkPart(view, field.of, name, rest, value, reach);
  if (field.type.startsWith("map<")) return setNamed(view, field, rest, value);
  if (rest.length > 0) return { message: `found ${name}, which has no parts` };
  return setScalar(view, field, name, value);
}

function unknownName(name: string | number | undefined, known: readonly string[]): ChangeTrouble {
  const near = typeof name === "string" ? nearest(name, known) : undefined;
  const found = name === undefined ? "no field" : `unknown field ${JSON.stringify(name)}`;
  return {
    message: `found ${found}, wanted one of ${known.join(", ")}`,
    ...(near !== undefined && { hint: `Did you mean ${JSON.stringify(near)}?` }),
  };
}

function walkPart(
  view: ElementView,
  kind: DefinedView,
  name: string,
  path: FieldPath,
  value: unknown,
  reach: Reach,
): Step {
  const part: unknown = Reflect.get(view, name);
  if (!(part instanceof ElementView)) return { message: `found no ${name}` };
  const { parent = view, place } = part.source;
  if (reach === "one" && deliverApart(view, parent)) return "made";
  if (valueAtPlace(parent.element, place) === part.element) {
    return walk(part, kind, path, value, reach);
  }
  if (place === "") {
    const hint = "Name what it is taken from, e.g. order.deliveries[0].shipTo";
    return { message: `found no ${name} in this document`, hint };
  }
  setAtPlace(parent.element, place, {});
  return "made";
}

function walkList(
  view: ElementView,
  kind: DefinedView,
  name: string,
  [index, ...path]: FieldPath,
  value: unknown,
  reach: Reach,
): Step {
  const list: unknown = Reflect.get(view, name);
  if (!Array.isArray(list)) return { message: `found no ${name}` };
  if (typeof index !== "number") {
    return {
      message: `found ${name}, which is a list, wanted one of it`,
      hint: `Name it by its place, from 0: ${name}[0]`,
    };
  }
  const one: unknown = list[index];
  if (one instanceof ElementView) return walk(one, kind, path, value, reach);
  const last: unknown = list.at(-1);
  if (!(last instanceof ElementView)) return { message: `found no ${name} to copy one from` };
  if (index >= MOST_ELEMENTS) {
    return { message: `found ${name}[${index}], wanted a place below ${MOST_ELEMENTS}` };
  }
  addCopies(view, kind, last, index - list.length + 1);
  return "made";
}

/** What is not there yet is like the last one, with an id of its own. */
function addCopies(owner: ElementView, kind: DefinedView, last: ElementView, count: number): void {
  const [idPlace] = kind.fields.id?.places ?? [];
  const lastId = String(Reflect.get(last, "id") ?? "");
  for (let number = 1; number <= count; number++) {
    const copy = copyDocument(last.element);
    if (typeof copy !== "object" || copy === null) return;
    if (idPlace !== undefined && lastId !== "") {
      const id = followingId(lastId, number);
      Reflect.set(copy, idPlace, id);
      deliverToo(owner.element, lastId, id);
    }
    insertElement(owner.element, last.source.place, copy, "last");
  }
}

function followingId(id: string, number: number): string {
  return /^\d{1,15}$/.test(id) ? String(Number(id) + number) : `${id}-${number + 1}`;
}

/** Of `PropertyValues`, which are `{ Property: { DisplayName }, Value }`, and of `DialValues`. */
function setNamed(
  { element }: ElementView,
  { places: [place = ""] }: ViewField,
  [name, ...rest]: FieldPath,
  value: unknown,
): Step {
  const text = textOfScalar(value);
  if (typeof name !== "string" || rest.length > 0) {
    return { message: "found no name of a value", hint: "Write ['its name'] behind it" };
  }
  if (text === undefined) return notText(value);
  const one = place.replace(/s$/, "");
  const label = one.replace(/Value$/, "");
  const holder = element[place];
  const found = isElement(holder) ? holder[one] : holder;
  const list = isEmpty(found) ? [] : [found].flat();
  const isNamed = (entry: unknown) =>
    isElement(entry) && isElement(entry[label]) && textOfScalar(entry[label].DisplayName) === name;
  const kept = list.filter((entry) => !isNamed(entry));
  const own = { [label]: { DisplayName: name }, Value: text };
  Reflect.set(element, place, { [one]: [...kept, own] });
  return undefined;
}

function setScalar(view: ElementView, field: ViewField, name: string, value: unknown): Step {
  const { places, type } = field;
  const isSet = type === "string" || type === "number";
  const [first] = places;
  if (!isSet || first === undefined) {
    return { message: `found ${name}, which follows from the rest of the document` };
  }
  const text = textOfScalar(value);
  if (text === undefined) return notText(value);
  if (type === "number" && text !== "" && !/^-?\d+(?:\.\d+)?$/.test(text)) {
    return {
      message: `found ${JSON.stringify(text)}, wanted a number`,
      hint: "Write it without quotes, with a point: 612.40",
    };
  }
  const full = places.filter((place) => !isEmpty(valueAtPlace(view.element, place)));
  if (text === "") { for (const place of full) setTextAt(view.element, place, text); }
  else setTextAt(view.element, full[0] ?? first, text);
  return undefined;
}

function notText(value: unknown): ChangeTrouble {
  const found = Array.isArray(value) ? "a list" : "an object";
  return { message: `found ${found}, wanted a text, a number or null` };
}

/** A number that a rule reads otherwise than the test says would test something else. */
function checkRead(view: ElementView, path: FieldPath, value: unknown): ChangeTrouble | undefined {
  const read = stepsThrough(view, path);
  if (typeof read !== "number" || value === null || Number(textOfScalar(value)) === read) {
    return undefined;
  }
  return { message: `found a number that rules would read as ${read}` };
}

function stepsThrough(view: unknown, path: FieldPath): unknown {
  let here = view;
  for (const step of path) {
    if (typeof here !== "object" || here === null) return undefined;
    here = here instanceof Map ? here.get(step) : Reflect.get(here, step);
  }
  return here;
}
