import type { JSX } from "preact";
import { placeOfError } from "../docs/places.ts";
import { A, Form } from "../parts/links.tsx";
import { Act, type HiddenValues, Notice } from "../parts/parts.tsx";
import { Fill, useSay } from "../parts/reader.tsx";
import { Outside } from "../parts/values.tsx";
import { ENTRANCE_TEXTS } from "../texts/entrance.ts";
import { DELIVERY_TEXTS } from "../texts/delivery.ts";
import { SHELL_TEXTS } from "../texts/shell.ts";

/** Where people sign in. */
export function LoginPage({ to, mistake, hasUsers }: {
  /** Where to go then. */
  readonly to: string;
  /** What went wrong, for people. */
  readonly mistake?: string;
  /** Whether somebody can sign in with a password at all. */
  readonly hasUsers: boolean;
}): JSX.Element {
  const say = useSay(ENTRANCE_TEXTS);
  const command = <code>storehook console</code>;
  return (
    <div class="card">
      <h1>{say.signIn}</h1>
      {mistake !== undefined && (
        <div class="ask">
          <Notice tone="bad">
            <p>{mistake}</p>
          </Notice>
        </div>
      )}
      {hasUsers && (
        <Form method="post" action="/login">
          <input type="hidden" name="to" value={to} />
          <label>
            {say.name}
            <input name="name" autocomplete="username" required autofocus dir="auto" />
          </label>
          <label>
            {say.password}
            <input name="password" type="password" autocomplete="current-password" required />
          </label>
          <button type="submit" class="main">{say.signIn}</button>
        </Form>
      )}
      <p class={hasUsers ? "small soft" : undefined}>
        <Fill text={hasUsers ? say.byLink : say.onlyLink} command={command} />
      </p>
      <p class="small">
        <A href="/docs/console">{say.docs}</A>
      </p>
    </div>
  );
}

/** What was sent by who is signed out: it is kept here, and sent again by who has signed in. */
export function SignedOutPage({ action, values }: {
  readonly action: string;
  readonly values: HiddenValues;
}): JSX.Element {
  const say = useSay(ENTRANCE_TEXTS);
  return (
    <div class="card">
      <h1>{say.signedOut}</h1>
      <p>{say.signedOutLead}</p>
      <div class="actions">
        <A class="button main" href="/login" target="_blank">{say.signIn}</A>
        <Act to={action} values={values}>{say.sendAgain}</Act>
      </div>
    </div>
  );
}

/** What is shown in the place of a page: that there is none, that it may not be seen, or what failed. */
export function ErrorPage({ status, code, message }: {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}): JSX.Element {
  const say = useSay(SHELL_TEXTS);
  const delivery = useSay(DELIVERY_TEXTS);
  const place = placeOfError(code);
  const title = status === 404 ? say.notHere : status === 403 ? say.notYours : say.wentWrong;
  return (
    <>
      <h1>{title}</h1>
      <p class="lead">{status === 404 ? say.notHereWhy : <Outside text={message} most={1000} />}</p>
      <div class="actions">
        <A class="button" href="/">{say.back}</A>
        {status !== 404 && place !== undefined && (
          <A class="button plain" href={place}>{delivery.aboutError}</A>
        )}
      </div>
    </>
  );
}
