import { type ComponentChildren, Fragment, type JSX } from "preact";
import { COMMON_TEXTS } from "../texts/shell.ts";
import { useSay } from "./reader.tsx";
import type { Tone } from "./values.tsx";
import { A, Form } from "./links.tsx";

/** A column of a table. */
export interface TableColumn<Row> {
  readonly head: string;
  readonly cell: (row: Row) => ComponentChildren;
  readonly isNumber?: boolean;
  /** Names the row: it is its head for who hears the table. */
  readonly isName?: boolean;
  /** Takes a line of its own where the table is narrow. */
  readonly isWhole?: boolean;
  /** Takes what room is left; what is longer is cut by its end. */
  readonly isRoomy?: boolean;
  /** The same, with less of it, and away where there is little room. */
  readonly isSpare?: boolean;
  /** Says what the head says by itself: the head is for who hears the table. */
  readonly isQuiet?: boolean;
  /** Stands before the value where the table is narrow and has no heads. */
  readonly label?: string;
}

/** Rows in columns; where it is narrow, each row is a card. */
export function Table<Row>({ columns, rows, caption, keyOf, rowClass, isDense = false }: {
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  /** What the table holds, for who cannot see the heading above it. */
  readonly caption: string;
  readonly keyOf: (row: Row) => string;
  readonly rowClass?: (row: Row) => string | undefined;
  /** Whether each row takes one line where there is room. */
  readonly isDense?: boolean;
}): JSX.Element {
  return (
    <table class={isDense ? "cards dense" : "cards"} role="table" aria-label={caption}>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(({ head, isNumber, isQuiet, isSpare }) => (
            <th
              key={head}
              scope="col"
              role="columnheader"
              class={isNumber === true ? "number" : isSpare === true ? "spare" : undefined}
            >
              {isQuiet === true ? <span class="only-read">{head}</span> : head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr role="row" key={keyOf(row)} data-key={keyOf(row)} class={rowClass?.(row)}>
            {columns.map((column) => <Cell key={column.head} column={column} row={row} />)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Cell<Row>({ column, row }: {
  readonly column: TableColumn<Row>;
  readonly row: Row;
}): JSX.Element {
  const { isNumber, isName, isWhole, isRoomy, isSpare, label } = column;
  const classes = [
    isNumber && "number",
    isWhole && "whole",
    isRoomy && "roomy",
    isSpare && "roomy less spare",
  ].filter(
    (one) => typeof one === "string",
  );
  const name = classes.length === 0 ? undefined : classes.join(" ");
  const content = column.cell(row);
  return isName
    ? <th scope="row" role="rowheader" class={name} data-label={label}>{content}</th>
    : <td role="cell" class={name} data-label={label}>{content}</td>;
}

/** Names and values below each other; what has no value is left out. */
export function Facts({ facts }: {
  readonly facts: readonly (readonly [name: string, value: ComponentChildren])[];
}): JSX.Element {
  const given = facts.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return (
    <dl class="facts">
      {given.map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

/** Says something that matters, with what can be done about it. */
export function Notice({ tone, children, actions }: {
  readonly tone: Tone;
  readonly children: ComponentChildren;
  readonly actions?: ComponentChildren;
}): JSX.Element {
  return (
    <div class={`notice ${tone}`} role={tone === "bad" ? "alert" : undefined}>
      <div>{children}</div>
      {actions !== undefined && <div class="actions">{actions}</div>}
    </div>
  );
}

/** Says that there is nothing, and what that means. */
export function Empty({ title, children }: {
  readonly title: string;
  readonly children?: ComponentChildren;
}): JSX.Element {
  return (
    <div class="empty">
      <b>{title}</b>
      {children}
    </div>
  );
}

/** The values of a form that nobody fills in. */
export type HiddenValues = Readonly<Record<string, unknown>>;

function Hidden({ values }: { readonly values: HiddenValues }): JSX.Element {
  const all = Object.entries(values).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one: unknown) => [name, one] as const)
  );
  return (
    <>
      {all.map(([name, value], index) =>
        value === undefined
          ? null
          : <input key={index} type="hidden" name={name} value={String(value)} />
      )}
    </>
  );
}

/** A button that does something: a form of its own, so that it works without scripts. */
export function Act({ to, values = {}, children, tone, isMain = false, isFirst = false }: {
  /** Where it is sent. */
  readonly to: string;
  readonly values?: HiddenValues;
  readonly children: ComponentChildren;
  readonly tone?: "danger";
  readonly isMain?: boolean;
  /** Whether it is what the page is about now: it is reached by the next key. */
  readonly isFirst?: boolean;
}): JSX.Element {
  return (
    <Form method="post" action={to}>
      <Hidden values={values} />
      <button type="submit" class={isMain ? "main" : tone} autofocus={isFirst}>{children}</button>
    </Form>
  );
}

/** Leads to the next part of a list, and back to its newest. */
export function Pager({ path, query, next }: {
  readonly path: string;
  /** What the list is narrowed by. */
  readonly query: URLSearchParams;
  /** Continues the list; `null` behind its end. */
  readonly next: string | null;
}): JSX.Element | null {
  const say = useSay(COMMON_TEXTS);
  const isLater = query.has("cursor");
  if (next === null && !isLater) return null;
  return (
    <nav class="pager" aria-label={say.older}>
      {isLater && (
        <A class="button" data-newest href={pathWith(path, query, { cursor: null })}>
          {say.newest}
        </A>
      )}
      {next !== null && (
        <A class="button" rel="next" href={pathWith(path, query, { cursor: next })}>{say.older}</A>
      )}
    </nav>
  );
}

/**
 * Writes the address of a page with what it is narrowed by.
 *
 * @param path The page.
 * @param query What it is narrowed by now.
 * @param changes What becomes of it: a value, or `null` to leave it out.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const query = new URLSearchParams("status=401&cursor=1.2");
 * assertEquals(pathWith("/deliveries", query, { cursor: null }), "/deliveries?status=401");
 * ```
 */
export function pathWith(
  path: string,
  query: URLSearchParams,
  changes: Readonly<Record<string, string | null>>,
): string {
  const copy = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) copy.delete(name);
    else copy.set(name, value);
  }
  for (const [name, value] of [...copy]) if (value === "") copy.delete(name);
  const text = copy.toString();
  return text === "" ? path : `${path}?${text}`;
}
