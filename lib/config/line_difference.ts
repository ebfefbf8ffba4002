/** Two texts compared line by line. */

/** A line of two texts that are compared. */
export interface DiffLine {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

/**
 * Of texts that differ in more lines, what stands between the first and the last of them is shown as
 * replaced: to find the shortest way takes as many steps as the square of that.
 */
const MOST_DIFFERENCES = 1000;

/**
 * Compares two texts line by line.
 *
 * @param before The one.
 * @param after The other.
 * @returns The lines of both, those of the first before those of the second where they differ.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(diffLines("a\nb", "a\nc"), [
 *   { kind: "same", text: "a" },
 *   { kind: "removed", text: "b" },
 *   { kind: "added", text: "c" },
 * ]);
 * ```
 */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const [a, b] = [before.split(/\r?\n/), after.split(/\r?\n/)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (
    end < a.length - start && end < b.length - start &&
    a[a.length - 1 - end] === b[b.length - 1 - end]
  ) end++;
  const [x, y] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const same = (text: string): DiffLine => ({ kind: "same", text });
  return [
    ...a.slice(0, start).map(same),
    ...inOrder(linesBetween(x, y)),
    ...a.slice(a.length - end).map(same),
  ];
}

function linesBetween(x: readonly string[], y: readonly string[]): readonly DiffLine[] {
  let [i, j] = [0, 0];
  const steps = stepsBetween(...numbered(x, y)) ??
    [...x.map(() => "removed" as const), ...y.map(() => "added" as const)];
  return steps.map((kind) => {
    const text = (kind === "added" ? y[j] : x[i]) ?? "";
    if (kind !== "added") i++;
    if (kind !== "removed") j++;
    return { kind, text };
  });
}

/** Numbers in the place of lines: they are compared again and again. */
function numbered(x: readonly string[], y: readonly string[]): [Int32Array, Int32Array] {
  const numbers = new Map<string, number>();
  const numberOf = (line: string) => {
    const number = numbers.get(line) ?? numbers.size;
    numbers.set(line, number);
    return number;
  };
  return [Int32Array.from(x, numberOf), Int32Array.from(y, numberOf)];
}

/**
 * Finds the shortest way from one text to the other, after Myers, "An O(ND) Difference Algorithm and
 * Its Variations": how far each diagonal reaches with one difference more than before.
 *
 * @returns What becomes of each line; `undefined` where there are more differences than are counted.
 */
function stepsBetween(x: Int32Array, y: Int32Array): readonly DiffLine["kind"][] | undefined {
  const most = Math.min(x.length + y.length, MOST_DIFFERENCES);
  const middle = most + 1;
  const reach = new Int32Array(2 * most + 3);
  /** How far the diagonals around the middle reached before each number of differences. */
  const reached: Int32Array[] = [];
  for (let differences = 0; differences <= most; differences++) {
    reached.push(reach.slice(middle - differences - 1, middle + differences + 2));
    for (let diagonal = -differences; diagonal <= differences; diagonal += 2) {
      const [low, high] = [reach[middle + diagonal - 1] ?? 0, reach[middle + diagonal + 1] ?? 0];
      let i = isAdded(diagonal, differences, low, high) ? high : low + 1;
      while (i < x.length && i - diagonal < y.length && x[i] === y[i - diagonal]) i++;
      reach[middle + diagonal] = i;
      if (i >= x.length && i - diagonal >= y.length) return stepsBack(x.length, y.length, reached);
    }
  }
  return undefined;
}

function isAdded(diagonal: number, differences: number, low: number, high: number): boolean {
  return diagonal === -differences || (diagonal !== differences && low < high);
}

function stepsBack(
  from: number,
  to: number,
  reached: readonly Int32Array[],
): readonly DiffLine["kind"][] {
  const steps: DiffLine["kind"][] = [];
  let [i, j] = [from, to];
  for (const [differences, reach] of [...reached.entries()].reverse()) {
    const at = (diagonal: number) => reach[diagonal + differences + 1] ?? 0;
    const diagonal = i - j;
    const added = isAdded(diagonal, differences, at(diagonal - 1), at(diagonal + 1));
    const before = at(added ? diagonal + 1 : diagonal - 1);
    const same = differences === 0 ? i : i - (added ? before : before + 1);
    for (let count = 0; count < same; count++) steps.push("same");
    if (differences === 0) break;
    steps.push(added ? "added" : "removed");
    i = before;
    j = before - (added ? diagonal + 1 : diagonal - 1);
  }
  return steps.reverse();
}

/** Where lines differ, those of the first text come before those of the second. */
function inOrder(lines: readonly DiffLine[]): readonly DiffLine[] {
  const ordered: DiffLine[] = [];
  const added: DiffLine[] = [];
  for (const line of lines) {
    if (line.kind === "added") added.push(line);
    else {
      if (line.kind === "same") ordered.push(...added.splice(0));
      ordered.push(line);
    }
  }
  return [...ordered, ...added];
}
