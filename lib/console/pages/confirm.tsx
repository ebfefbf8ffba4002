import type { JSX } from "preact";
import { A } from "../parts/links.tsx";
import { Act } from "../parts/parts.tsx";
import { Fill, useSay } from "../parts/reader.tsx";
import { cleanText, Time } from "../parts/values.tsx";
import { FORWARD_ACTIONS } from "../queries/change_forwards.ts";
import { FORWARD_TEXTS } from "../texts/forwards.ts";
import { COMMON_TEXTS } from "../texts/shell.ts";

const ASKS = { retry: "askRetry", resend: "askResend", cancel: "askCancel" } as const;
const MEANS = { retry: "retryMeans", resend: "resendMeans", cancel: "cancelMeans" } as const;
const YES = { retry: "yesRetry", resend: "yesResend", cancel: "yesCancel" } as const;

/** Asks before many forwards are changed, with how many they are. */
export function ConfirmPage({ action, forwards, selection, back }: {
  /** The path to which it is sent. */
  readonly action: string;
  readonly forwards: number;
  readonly selection: Readonly<Record<string, unknown>>;
  /** Where to go then. */
  readonly back: string;
}): JSX.Element {
  const say = useSay(FORWARD_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const deed = FORWARD_ACTIONS.find((one) => action.endsWith(`/${one}`)) ?? "retry";
  const names: Readonly<Record<string, string>> = {
    state: common.status,
    destination: say.destination,
    since: common.from,
    until: common.until,
  };
  const narrowed = Object.entries(selection).filter(([, value]) => value !== undefined);
  return (
    <>
      <h1>
        <Fill text={say[ASKS[deed]]} count={forwards} />
      </h1>
      <p class="lead">{say[MEANS[deed]]}</p>
      <p class="ask line">
        {narrowed.map(([name, value]) => (
          <span key={name}>
            <span class="label">{names[name] ?? name}</span> <Narrowed name={name} value={value} />
          </span>
        ))}
      </p>
      <div class="actions">
        {forwards > 0 && (
          <Act to={action} values={{ ...selection, back }} isMain isFirst>
            <Fill text={say[YES[deed]]} count={forwards} />
          </Act>
        )}
        <A class="button" href={back}>{common.notNow}</A>
      </div>
    </>
  );
}

/** A part of what is meant: a time as the reader writes it, anything else as it is. */
function Narrowed({ name, value }: {
  readonly name: string;
  readonly value: unknown;
}): JSX.Element {
  const text = Array.isArray(value) ? value.join(", ") : String(value);
  return name === "since" || name === "until" ? <Time at={text} /> : <code>{cleanText(text)}</code>;
}
