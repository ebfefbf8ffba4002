import type { JSX } from "preact";
import type { DiffLine } from "../../config/line_difference.ts";
import { Fill, useSay } from "../parts/reader.tsx";
import { cleanText } from "../parts/values.tsx";
import { VERSIONS_TEXTS } from "../texts/changing.ts";

/** So many lines stand around what differs. */
const AROUND = 3;
/** What differs beyond is no longer read by anybody. */
const MOST_SHOWN = 2000;
const SIGNS = { same: " ", removed: "-", added: "+" } as const;

/** A run of lines that are shown, or of equal ones that are not. */
interface Stretch {
  readonly lines: readonly DiffLine[];
  readonly isShown: boolean;
}

/** Two texts line by line, where they differ. */
export function LineDifference({ lines, label }: {
  readonly lines: readonly DiffLine[];
  /** What is compared, for who cannot see where it stands. */
  readonly label: string;
}): JSX.Element {
  const say = useSay(VERSIONS_TEXTS);
  if (lines.every(({ kind }) => kind === "same")) return <p class="soft">{say.same}</p>;
  return (
    <pre class="code diff" tabindex={0} role="region" aria-label={label}>
      {stretchesOf(lines).map(({ lines: stretch, isShown }, index) =>
        isShown
          ? stretch.map(({ kind, text }, at) => <Line key={`${index} ${at}`} kind={kind} text={text} />)
          : (
            <span key={index} class="gap">
              ⋯ <Fill text={say.linesBetween} count={stretch.length} />
              {"\n"}
            </span>
          )
      )}
    </pre>
  );
}

function Line({ kind, text }: DiffLine): JSX.Element {
  const say = useSay(VERSIONS_TEXTS);
  const content = `${SIGNS[kind]} ${cleanText(text)}\n`;
  if (kind === "removed") return <del title={say.removed}>{content}</del>;
  if (kind === "added") return <ins title={say.added}>{content}</ins>;
  return <span>{content}</span>;
}

/** Equal lines that stand far from what differs are left out, where they are more than one. */
function stretchesOf(lines: readonly DiffLine[]): readonly Stretch[] {
  const near = lines.map(() => false);
  for (const [index, { kind }] of lines.entries()) {
    if (kind !== "same") near.fill(true, Math.max(0, index - AROUND), index + AROUND + 1);
  }
  const stretches: { lines: DiffLine[]; isShown: boolean }[] = [];
  let shown = 0;
  for (const [index, line] of lines.entries()) {
    const isShown = near[index] === true && ++shown <= MOST_SHOWN;
    const last = stretches.at(-1);
    if (last?.isShown === isShown) last.lines.push(line);
    else stretches.push({ lines: [line], isShown });
  }
  return stretches.map((one) => one.lines.length === 1 ? { ...one, isShown: true } : one);
}
