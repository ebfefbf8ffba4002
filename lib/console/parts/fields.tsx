/** The fields of forms by which lists are narrowed. */
import type { JSX } from "preact";

/** A field for what is sought, with what is sought now. */
export function Sought({ name, label, query }: {
  readonly name: string;
  readonly label: string;
  readonly query: URLSearchParams;
}): JSX.Element {
  return (
    <input
      type="search"
      name={name}
      value={query.get(name) ?? ""}
      aria-label={label}
      placeholder={label}
      maxLength={1000}
    />
  );
}

/** A choice among a few; one that is chosen and not among them stays. */
export function Choice({ name, label, id, chosen, options }: {
  readonly name: string;
  /** Says what is chosen, where no label beside it does. */
  readonly label?: string;
  readonly id?: string;
  readonly chosen: string;
  readonly options: readonly (readonly [value: string, text: string])[];
}): JSX.Element {
  const all = options.some(([value]) => value === chosen)
    ? options
    : [...options, [chosen, chosen] as const];
  return (
    <select id={id} name={name} aria-label={label}>
      {all.map(([value, text]) => (
        <option key={value} value={value} selected={value === chosen}>{text}</option>
      ))}
    </select>
  );
}
