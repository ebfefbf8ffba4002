import type { ComponentChildren, JSX } from "preact";
import { PAUSED_BY_HAND } from "../../forward/outbox.ts";
import type { ForwardsDetail } from "../../journal/forwards_detail.ts";
import { A } from "../parts/links.tsx";
import { Act, Notice } from "../parts/parts.tsx";
import { Fill, useReader, useSay } from "../parts/reader.tsx";
import { Outside, Time } from "../parts/values.tsx";
import type { Attention } from "../queries/overview.ts";
import { ATTENTION_TEXTS } from "../texts/overview.ts";

/** What is said of one thing: what it is, what that means, what can be done at once. */
interface AttentionWords {
  readonly title: ComponentChildren;
  readonly detail?: ComponentChildren;
  readonly act?: ComponentChildren;
}

/** One thing that needs a person: what it is, what that means, what to do. */
export function NeedsYou({ attention, notDone, canAct }: {
  readonly attention: Attention;
  readonly notDone: ForwardsDetail;
  readonly canAct: boolean;
}): JSX.Element {
  const say = useSay(ATTENTION_TEXTS);
  const { title, detail, act } = useWords(attention, notDone);
  return (
    <Notice
      tone={attention.severity === "error" ? "bad" : "warn"}
      actions={
        <>
          {canAct && act}
          {attention.href !== "/" && <A class="button" href={attention.href}>{say.show}</A>}
        </>
      }
    >
      <p>
        <b>{title}</b> {detail}
      </p>
    </Notice>
  );
}

function useWords(
  { kind, subject, count = 1, text, since = "" }: Attention,
  { disabled, paused, destinations }: ForwardsDetail,
): AttentionWords {
  const say = useSay(ATTENTION_TEXTS);
  const { language } = useReader();
  const name = <code>{subject}</code>;
  const waiting = destinations[subject]?.waiting ?? 0;
  switch (kind) {
    case "not ready":
      return { title: say.notReady, detail: <InEnglish text={text} /> };
    case "config not served":
      return { title: say.configRejected, detail: <InEnglish text={text} /> };
    case "destination disabled": {
      const why = disabled[subject];
      return {
        title: <Fill text={say.disabled} destination={name} />,
        detail: why === undefined
          ? undefined
          : <Fill text={say[why.reason]} time={<Time at={why.since} />} />,
        act: (
          <Act to={`/destinations/${encodeURIComponent(subject)}/enable`} values={{ back: "/" }}>
            {say.enable}
          </Act>
        ),
      };
    }
    case "destination paused": {
      const why = paused[subject];
      return {
        title: <Fill text={say.paused} destination={name} time={<Time at={why?.until ?? ""} />} />,
        detail: (
          <>
            {why !== undefined &&
              (why.status === PAUSED_BY_HAND
                ? say.pausedByHand
                : <Fill text={say.pausedWhy} status={String(why.status)} />)}{" "}
            {waiting > 0 && <Fill text={say.waitForIt} count={waiting} />}{" "}
            <span class="soft">{say.safe}</span>
          </>
        ),
      };
    }
    case "forwards failed": {
      return {
        title: <Fill text={say.forwardsFailed} count={count} destination={name} />,
        detail: (
          <span class="soft">
            {say.failedMeans} {waiting > 0 && <Fill text={say.waitBeside} count={waiting} />}
          </span>
        ),
      };
    }
    case "destination failing":
      return {
        title: (
          <Fill
            text={say.failingThere}
            count={count}
            destination={name}
            time={<Time at={since} />}
          />
        ),
        detail: <span class="soft">{say.safe}</span>,
        act: (
          <Act
            to="/forwards/retry"
            values={{ state: "waiting", destination: subject, back: "/" }}
          >
            {say.tryNow}
          </Act>
        ),
      };
    case "destination missing":
      return {
        title: <Fill text={say.missingThere} count={count} destination={name} />,
        detail: <span class="soft">{say.safe}</span>,
      };
    case "service left alone":
      return { title: <Fill text={say.serviceOpen} service={name} /> };
    case "deliveries failed":
      return { title: <Fill text={say.answersFailed} count={count} endpoint={name} /> };
    case "deliveries refused":
      return { title: <Fill text={say.refusedThere} count={count} endpoint={name} /> };
    default:
      return { title: language === "en" ? text : <InEnglish text={text} /> };
  }
}

/** What the server tells of itself is in English. */
function InEnglish({ text }: { readonly text: string }): JSX.Element {
  const { language } = useReader();
  return (
    <span lang={language === "en" ? undefined : "en"}>
      <Outside text={text} most={600} />
    </span>
  );
}
