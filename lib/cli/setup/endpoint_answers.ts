/** What `storehook setup` asks of endpoints: which there are, and what each needs. */
import type { Handler } from "../../../handlers/handler.ts";
import { type ConfigPath, isObject } from "../../config/mistake.ts";
import { appendWritten, changeSetting, settingOf } from "./draft.ts";
import {
  askForSettings,
  groupQuestion,
  keyText,
  type NewEndpoint,
  readId,
  writeEndpoint,
} from "./endpoints.ts";
import {
  type Answered,
  askUntil,
  askWhether,
  type Interview,
  takeIfSound,
  type Taken,
} from "./interview.ts";

/**
 * Lists the endpoints as they are written, before anything is filled in.
 *
 * @param text The config.
 */
export function endpointsOf(text: string) {
  const list = settingOf(text, ["endpoints"]);
  return (Array.isArray(list) ? list : []).map((one: unknown, index) => {
    const settings = isObject(one) ? one : {};
    return { index, settings, kind: String(settings.kind), path: String(settings.path) };
  });
}

/**
 * Asks which endpoints there are, and for the key of each.
 *
 * @param before The config before.
 * @param interview Who is asked.
 * @returns The config with what was answered.
 */
export async function askForEndpoints(before: Answered, interview: Interview): Promise<Answered> {
  const { interviewer, handlers } = interview;
  const present = new Set(endpointsOf(before.text).map(({ kind }) => kind));
  const width = Math.max(...handlers.map(({ kind }) => kind.length));
  const list = handlers.map(({ kind, summary }, index) =>
    `${index + 1}  ${kind.padEnd(width)}  ${summary}`
  );
  interviewer.say(["", "The webhooks and events that it answers:", ...list].join("\n"));
  const numbers = handlers.flatMap(({ kind }, index) => present.has(kind) ? index + 1 : []);
  const wanted = await askUntil(interviewer, {
    name: "endpoints",
    text: "Which of them, by their numbers",
    preset: numbers.join(" ") || "1",
  }, (answer) => readChoice(answer, handlers));

  let answered = before;
  for (const { kind } of handlers.filter(({ kind }) => !wanted.has(kind))) {
    answered = await removeEndpoints(kind, answered, interview);
  }
  for (const { index } of endpointsOf(answered.text)) {
    answered = await askAgain(index, answered, interview);
  }
  for (const handler of handlers.filter(({ kind }) => wanted.has(kind) && !present.has(kind))) {
    answered = await askForEndpoint(handler, answered, interview);
  }
  return answered;
}

function readChoice(answer: string, handlers: readonly Handler[]): Taken<ReadonlySet<string>> {
  const words = answer.split(/[\s,;]+/).filter((word) => word !== "");
  const kinds = words.map((word) =>
    handlers.find(({ kind }, index) => kind === word || String(index + 1) === word)?.kind
  );
  const wrong = words.find((_, index) => kinds[index] === undefined);
  if (wrong === undefined) return { taken: new Set(kinds.flatMap((kind) => kind ?? [])) };
  const complaint = `found ${JSON.stringify(wrong)}, wanted numbers from 1 to ${handlers.length} ` +
    "with blanks between them, such as 1 2";
  return { complaint };
}

async function removeEndpoints(
  kind: string,
  before: Answered,
  { interviewer }: Interview,
): Promise<Answered> {
  let answered = before;
  for (
    const { index, path } of endpointsOf(before.text).filter((one) => one.kind === kind).reverse()
  ) {
    const isGone = await askWhether(interviewer, {
      name: `remove ${path}`,
      text: `Take out ${path} with its rules?`,
      preset: "no",
    });
    if (!isGone) continue;
    answered = {
      text: changeSetting(answered.text, ["endpoints", index], undefined),
      changes: [...answered.changes, `without ${path}`],
    };
  }
  return answered;
}

/** Asks for a new endpoint of a kind. */
async function askForEndpoint(
  handler: Handler,
  before: Answered,
  interview: Interview,
): Promise<Answered> {
  const { interviewer } = interview;
  const paths = new Set(endpointsOf(before.text).map(({ path }) => path));
  const usual = `/${handler.kind.replace(".", "/")}`;
  const path = paths.has(usual) ? `${usual}-${paths.size + 1}` : usual;
  interviewer.say(`\n${path}: ${handler.summary}`);
  const settings = await askForSettings(handler.kind, interviewer);
  const place = ["endpoints", endpointsOf(before.text).length];
  const add = (key: string) => {
    const endpoint: NewEndpoint = { handler, path, key, settings };
    return appendWritten(before.text, ["endpoints"], writeEndpoint(endpoint));
  };
  return await askUntil(interviewer, {
    name: `key ${path}`,
    text: keyText(handler, "makes one"),
    preset: "",
    isHidden: true,
  }, async (answer) => {
    const complaint = answer === "" ? undefined : await complaintOfKey(handler, answer);
    if (complaint !== undefined) return { complaint };
    const key = answer === "" ? handler.sample.sender.newKey() : answer;
    const made = answer === "" ? "with a new key" : "with the key that you gave";
    return await takeIfSound(before, add(key), { place, line: `${path}, ${made}` }, interview);
  });
}

/** Of the form; what else is wrong with a key, the config's schema says. */
async function complaintOfKey({ sample }: Handler, key: string): Promise<string | undefined> {
  try {
    const body = new Uint8Array();
    await sample.sender.prepare({
      url: "http://localhost/",
      body,
      key,
      language: "",
      isSample: true,
    });
    return undefined;
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

/** Asks again for what an endpoint has: its key, and the group of its first rule. */
async function askAgain(
  index: number,
  before: Answered,
  interview: Interview,
): Promise<Answered> {
  const { interviewer, handlers } = interview;
  const endpoint = endpointsOf(before.text)[index];
  const handler = handlers.find(({ kind }) => kind === endpoint?.kind);
  if (endpoint === undefined || handler === undefined) return before;
  const { path } = endpoint;
  const place = keyPlace(index, handler);
  interviewer.say(`\n${path}: ${handler.summary}`);
  const answered = await askForGroup(index, before, interview);
  return await askUntil(interviewer, {
    name: `key ${path}`,
    text: keyText(handler, "keeps what it has"),
    preset: "",
    isHidden: true,
  }, async (answer) => {
    if (answer === "") return { taken: answered };
    const complaint = await complaintOfKey(handler, answer);
    if (complaint !== undefined) return { complaint };
    const text = withKey(answered.text, place, handler, answer);
    if (text === answered.text) return { taken: answered };
    return await takeIfSound(answered, text, { place, line: `${path}, a new key` }, interview);
  });
}

/** Where a kind has its keys. */
function keyPlace(index: number, { sample }: Handler): ConfigPath {
  const name = "auth" in sample.sender.settings("") ? "auth" : "signatureKeys";
  return ["endpoints", index, name];
}

/** In a list the keys before it stay valid, until all who call have the new one. */
function withKey(text: string, place: ConfigPath, { sample }: Handler, key: string): string {
  const value = sample.sender.settings(key)[String(place.at(-1))];
  const hasSecrets = isObject(value) && "secrets" in value;
  const path = hasSecrets ? [...place, "secrets"] : place;
  const list = settingOf(text, path);
  const isSameType = !hasSecrets || settingOf(text, [...place, "type"]) === value.type;
  if (!Array.isArray(list) || !isSameType) return changeSetting(text, place, value);
  return list.includes(key) ? text : changeSetting(text, [...path, 0], key, true);
}

async function askForGroup(
  index: number,
  before: Answered,
  interview: Interview,
): Promise<Answered> {
  const at = ["endpoints", index] as const;
  const places: readonly ConfigPath[] = [
    [...at, "rules", 0, "then", "group"],
    [...at, "otherwise", "group"],
  ];
  const place = places.find((path) => typeof settingOf(before.text, path) === "number");
  if (place === undefined) return before;
  const current = String(settingOf(before.text, place));
  const question = groupQuestion(current);
  return await askUntil(interview.interviewer, question, async (answer) => {
    if (answer === current) return { taken: before };
    const text = changeSetting(before.text, place, readId(answer));
    return await takeIfSound(before, text, { place, line: `group ${answer}` }, interview);
  });
}
