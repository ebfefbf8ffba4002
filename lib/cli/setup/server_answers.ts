/** What `storehook setup` asks of the server: where it listens, and how others reach it. */
import type { ConfigPath } from "../../config/mistake.ts";
import { serverSection } from "../../config/schema.ts";
import { localUrl } from "../../util/addresses.ts";
import { changeSetting, settingOf } from "./draft.ts";
import { endpointsOf } from "./endpoint_answers.ts";
import { type Answered, askUntil, type Interview, takeIfSound } from "./interview.ts";

const DEFAULTS = serverSection.parse({}, { jitless: true });
const HOSTNAME: ConfigPath = ["server", "hostname"];
const PORT: ConfigPath = ["server", "port"];
const PUBLIC_URL: ConfigPath = ["server", "publicUrl"];
/** What is offered where the usual port is taken, is so far away. */
const PORT_STEP = 10;

/**
 * Asks where it listens.
 *
 * @param before The config before.
 * @param interview Who is asked.
 * @returns The config with what was answered.
 */
export async function askForPort(before: Answered, interview: Interview): Promise<Answered> {
  const { interviewer, original } = interview;
  const isNew = original.bytes === undefined;
  const current = settingOf(before.text, PORT) ?? DEFAULTS.port;
  const hostname = String(settingOf(before.text, HOSTNAME) ?? DEFAULTS.hostname);
  const preset = String(isNew ? freePort(hostname, Number(current)) : current);
  const question = { name: "port", text: "The port to listen on", preset };
  return await askUntil(interviewer, question, async (answer) => {
    const port = /^\d+$/.test(answer) ? Number(answer) : answer;
    if (String(port) === String(current) && !isNew) return { taken: before };
    const moved = changeSetting(before.text, PORT, port);
    const url = settingOf(moved, PUBLIC_URL);
    const isLocal = url === localUrl(hostname, Number(current));
    const text = isLocal
      ? changeSetting(moved, PUBLIC_URL, localUrl(hostname, Number(port)))
      : moved;
    const taken = await takeIfSound(before, text, { place: PORT, line: `port ${port}` }, interview);
    if ("taken" in taken && typeof port === "number" && isTaken(hostname, port)) {
      return { complaint: `another program of this machine has port ${port}, wanted a free one` };
    }
    return taken;
  });
}

function freePort(hostname: string, first: number): number {
  const ports = Array.from({ length: 10 }, (_, index) => first + PORT_STEP * index);
  return ports.find((port) => port < 65_536 && !isTaken(hostname, port)) ?? first;
}

function isTaken(hostname: string, port: number): boolean {
  try {
    Deno.listen({ hostname, port }).close();
    return false;
  } catch (error) {
    return error instanceof Deno.errors.AddrInUse;
  }
}

/** Whether the shoppers or the senders of a kind are elsewhere. */
function isCalledFromElsewhere(kind: string): boolean {
  return kind === "ustore.cart-export" || kind.endsWith("events");
}

/**
 * Asks how others reach it, where some are elsewhere.
 *
 * @param before The config before.
 * @param interview Who is asked.
 * @returns The config with what was answered.
 */
export async function askForPublicUrl(before: Answered, interview: Interview): Promise<Answered> {
  if (!endpointsOf(before.text).some(({ kind }) => isCalledFromElsewhere(kind))) return before;
  const { interviewer } = interview;
  const hostname = String(settingOf(before.text, HOSTNAME) ?? DEFAULTS.hostname);
  const port = Number(settingOf(before.text, PORT) ?? DEFAULTS.port);
  const current = String(settingOf(before.text, PUBLIC_URL) ?? localUrl(hostname, port));
  interviewer.say("");
  return await askUntil(interviewer, {
    name: "publicUrl",
    text: "The URL by which shoppers and senders from elsewhere reach it",
    preset: current,
  }, async (answer) => {
    if (answer === current) return { taken: before };
    const text = changeSetting(before.text, PUBLIC_URL, answer);
    return await takeIfSound(
      before,
      text,
      { place: PUBLIC_URL, line: `reached as ${answer}` },
      interview,
    );
  });
}
