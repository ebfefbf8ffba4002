/** Who answers what `storehook setup` asks: a person at a console, or a file of answers. */
import * as z from "zod";
import type { Handler } from "../../../handlers/handler.ts";
import type { LoadOptions } from "../../config/load.ts";
import type { ConfigPath } from "../../config/mistake.ts";
import { decodeText, readSource } from "../../config/source.ts";
import { nearest } from "../../util/words.ts";
import { readBody, type Terminal, UsageError } from "../terminal/terminal.ts";
import { judgeChange, type Judgement, type Original } from "./draft.ts";

/** A question. */
export interface SetupQuestion {
  /** What names it in a file of answers. */
  readonly name: string;
  readonly text: string;
  /** What an empty answer means. */
  readonly preset: string;
  /** What is shown in the place of the preset; nothing where it is empty. */
  readonly shown?: string;
  /** Whether the answer is a secret. */
  readonly isHidden?: boolean;
}

/** Asks, and tells what came of it. */
export interface Interviewer {
  /**
   * Asks a question.
   *
   * @returns The answer, without white space around it; the preset when it is empty.
   * @throws {BrokenOff} When nobody will answer any more.
   */
  ask(question: SetupQuestion): Promise<string>;
  say(text: string): void;
  /**
   * Tells why an answer cannot be taken, before it is asked for again.
   *
   * @throws {UsageError} When there is no other answer.
   */
  refuse(question: SetupQuestion, complaint: string): void;
  /**
   * Ends the interview.
   *
   * @throws {UsageError} When there are answers to what was not asked.
   */
  end(): void;
}

/** The end of the input, or Ctrl+C. */
export class BrokenOff extends Error {
  override readonly name = "BrokenOff";
}

/**
 * Finds who answers.
 *
 * @param file The file of answers, if there is one.
 * @param terminal The console.
 * @throws {UsageError} When nobody can be asked, or the file cannot be read.
 */
export async function findInterviewer(
  file: string | undefined,
  terminal: Terminal,
): Promise<Interviewer> {
  if (file !== undefined) return createReader(await readAnswers(file, terminal), file, terminal);
  const { ask, err } = terminal;
  if (ask === undefined) {
    throw new UsageError(
      "Cannot ask: this is no console. Run it in one, or give the answers with --answers FILE",
    );
  }
  return {
    async ask({ text, preset, shown = preset, isHidden = false }) {
      const line = await ask(`${text}${shown === "" ? "" : ` [${shown}]`}: `, isHidden);
      if (line === undefined) throw new BrokenOff("There is no further answer");
      return line.trim() || preset;
    },
    say: (text) => err(`${text}\n`),
    refuse: (_question, complaint) => err(`  ${complaint}\n`),
    end() {},
  };
}

const answersSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

type Answers = z.output<typeof answersSchema>;

async function readAnswers(file: string, terminal: Terminal): Promise<Answers> {
  const { value, mistakes: [mistake] } = readSource(decodeText(await readBody(file, terminal)));
  const { data } = answersSchema.safeParse(value);
  if (mistake === undefined && data !== undefined) return data;
  const found = mistake === undefined
    ? "wanted an object of texts, numbers and truth values"
    : `line ${mistake.position?.line ?? 1}: ${mistake.message}`;
  throw new UsageError(`Cannot use the answers of "${file}": ${found}`);
}

function createReader(answers: Answers, file: string, { err }: Terminal): Interviewer {
  const asked = new Set<string>();
  return {
    ask({ name, preset }) {
      asked.add(name);
      const answer = Object.hasOwn(answers, name) ? answers[name] : undefined;
      const words = answer === true ? "yes" : answer === false ? "no" : String(answer ?? "").trim();
      return Promise.resolve(words || preset);
    },
    say: (text) => err(`${text}\n`),
    refuse({ name }, complaint) {
      throw new UsageError(`Cannot use the answer to "${name}" of "${file}": ${complaint}`);
    },
    end() {
      const others = Object.keys(answers).filter((name) => !asked.has(name));
      const names = new Set([...SOMETIMES_ASKED, ...asked]);
      const unknown = others.find((name) => !names.has(name) && !name.startsWith("remove "));
      if (unknown === undefined) {
        for (const name of others) err(`Note: "${name}" of "${file}" is not asked this time\n`);
        return;
      }
      const near = nearest(unknown, names);
      throw new UsageError(
        `"${file}" answers "${unknown}", which is not asked` +
          (near === undefined ? `; wanted ${[...names].join(", ")}` : `, did you mean "${near}"?`),
      );
    },
  };
}

/** Asked of what is new, or by what runs: the same file may answer again. */
const SOMETIMES_ASKED = [
  "group",
  "amount",
  "manufacturers",
  "percent",
  "publicUrl",
  "service",
  "write",
];

/** What became of an answer: something to go on with, or what is wrong with it. */
export type Taken<Value> = { readonly taken: Value } | { readonly complaint: string };

/**
 * Asks until an answer can be taken.
 *
 * @param interviewer Who is asked.
 * @param question What.
 * @param judge Reads an answer; what it complains of is told.
 * @returns What was read.
 */
export async function askUntil<Value>(
  interviewer: Interviewer,
  question: SetupQuestion,
  judge: (answer: string) => Taken<Value> | Promise<Taken<Value>>,
): Promise<Value> {
  for (;;) {
    const judged = await judge(await interviewer.ask(question));
    if ("taken" in judged) return judged.taken;
    interviewer.refuse(question, judged.complaint);
  }
}

/**
 * Asks what is answered by yes or no.
 *
 * @param interviewer Who is asked.
 * @param question What; its preset is `yes` or `no`.
 */
export async function askWhether(
  interviewer: Interviewer,
  question: Omit<SetupQuestion, "preset"> & { readonly preset: "yes" | "no" },
): Promise<boolean> {
  const shown = question.preset === "yes" ? "Y/n" : "y/N";
  return await askUntil(interviewer, { ...question, shown }, (answer) => {
    if (/^y(?:es)?$/i.test(answer)) return { taken: true };
    if (/^no?$/i.test(answer)) return { taken: false };
    return { complaint: `found ${JSON.stringify(answer)}, wanted yes or no` };
  });
}

/** Who is asked, and of what. */
export interface Interview {
  readonly interviewer: Interviewer;
  readonly original: Original;
  readonly loading: LoadOptions;
  readonly handlers: readonly Handler[];
}

/** A config while it is changed by answers. */
export interface Answered {
  readonly text: string;
  /** What is new, in a line each, without secrets. */
  readonly changes: readonly string[];
}

/**
 * Takes a change where `check` finds nothing wrong with it; what it warns of is told.
 *
 * @param before The config before.
 * @param text The config with the change.
 * @param change What is new, in a line, and where.
 * @param interview Who is told.
 */
export async function takeIfSound(
  before: Answered,
  text: string,
  { place, line }: { readonly place: ConfigPath; readonly line: string },
  { loading, interviewer }: Interview,
): Promise<Taken<Answered>> {
  const { mistakes, warnings }: Judgement = await judgeChange(before.text, text, place, loading);
  if (mistakes.length > 0) return { complaint: mistakes.join("\n  ") };
  for (const warning of warnings) interviewer.say(`  Note: ${warning}`);
  return { taken: { text, changes: [...before.changes, line] } };
}
