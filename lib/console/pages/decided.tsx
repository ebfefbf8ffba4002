/** What is made of one delivery: what today's rules say of it, and a test of rules. */
import type { JSX } from "preact";
import { A } from "../parts/links.tsx";
import { Notice } from "../parts/parts.tsx";
import { Fill, useSay } from "../parts/reader.tsx";
import { cleanText, Code } from "../parts/values.tsx";
import type { DecidedAgain, ShownPinnedTest } from "../queries/decide_again.ts";
import { DELIVERY_TEXTS } from "../texts/delivery.ts";
import { COMMON_TEXTS, SHELL_TEXTS } from "../texts/shell.ts";
import { Decisions } from "./decision_table.tsx";

/** What today's rules make of a recorded delivery. */
export function DecidedPage({ view }: { readonly view: DecidedAgain }): JSX.Element {
  const say = useSay(DELIVERY_TEXTS);
  const { id, status, answer, decisions, difference } = view;
  return (
    <>
      <FromDelivery id={id} />
      <h1>
        {status === null
          ? say.againAsks
          : difference === undefined
          ? say.againSame
          : <Fill text={say.againOther} status={String(status)} />}
      </h1>
      {difference !== undefined && (
        <div class="ask">
          <Notice tone="warn">
            <p>
              {say.answeredThen} <code>{String(difference.then.status)}</code>
            </p>
          </Notice>
        </div>
      )}
      <Decisions decisions={decisions} />
      {answer !== "" && (
        <section>
          <h2>{say.went}</h2>
          <Code text={answer} label={say.went} />
        </section>
      )}
    </>
  );
}

/** A delivery as a test of rules, to be saved. */
export function PinnedPage({ pinned }: { readonly pinned: ShownPinnedTest }): JSX.Element {
  const say = useSay(DELIVERY_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const { id, test, kept, isOther } = pinned;
  return (
    <>
      <FromDelivery id={id} />
      <h1>{say.pinned}</h1>
      <p class="lead">
        <Fill text={say.pinnedLead} tests={<code>tests</code>} />
      </p>
      {kept.length > 0 && (
        <div class="ask">
          <Notice tone="warn">
            <p>
              <Fill text={say.pinnedKept} kept={<code>{kept.join(", ")}</code>} />
            </p>
          </Notice>
        </div>
      )}
      {isOther && (
        <div class="ask">
          <Notice tone="warn">
            <p>{say.pinnedOther}</p>
          </Notice>
        </div>
      )}
      <div class="actions ask">
        <button type="button" hidden data-copy="test" data-copied={common.copied}>
          {common.copy}
        </button>
        <A class="button plain" href="/docs/rule_tests">{common.readMore}</A>
      </div>
      <pre class="code" id="test" tabindex={0}>{cleanText(JSON.stringify([test], null, 2))}</pre>
    </>
  );
}

/** The way back to the delivery that it was made of. */
export function FromDelivery({ id }: { readonly id: string }): JSX.Element {
  const shell = useSay(SHELL_TEXTS);
  return (
    <p class="crumb">
      <A href="/deliveries">{shell.deliveries}</A> ›{" "}
      <A href={`/deliveries/${id}`}>
        <code>{id}</code>
      </A>
    </p>
  );
}
