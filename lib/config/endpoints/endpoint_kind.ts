import type * as z from "zod";
import type { Authenticator } from "../../auth/authenticator.ts";
import type { RuleSight } from "../../rules/evidence.ts";
import type { Endpoint } from "../../http/endpoint.ts";
import type { Service } from "../../services/service.ts";
import type { ConfigPath } from "../mistake.ts";

/** A service as an endpoint asks it. */
export interface ServiceReference<Outcome> {
  readonly service: Service;
  /** The outcome that takes the place of its answer; `undefined` when the config has none. */
  readonly onFailure: Outcome | undefined;
  /** Reports a mistake in its `onFailure`, where the path begins. */
  report(at: ConfigPath, message: string, hint?: string): void;
}

/** What a kind of endpoint learns of the config around its own settings. */
export interface OpenContext {
  /** The endpoint's path, e.g. `/ustore/order-approval`. */
  readonly path: string;
  /** The server's public URL, without a slash at its end. */
  readonly publicUrl: string;
  /** The IANA name of the zone of times that say none. */
  readonly timeZone: string;
  /** How long the rules of one delivery may walk through its lists. */
  readonly timeLimitMs: number;
  /**
   * Reports a mistake in the settings. All are reported; what is opened is then not used.
   *
   * @param at Where, below the endpoint, e.g. `["rules", 0, "when"]`.
   * @param message What was found and what is wanted.
   * @param hint How to fix it.
   */
  report(at: ConfigPath, message: string, hint?: string): void;
  /**
   * Warns of what works but can't be meant.
   *
   * @param at Where, below the endpoint.
   * @param message What was found.
   * @param hint What to write otherwise.
   */
  warn(at: ConfigPath, message: string, hint?: string): void;
  /**
   * Notes what settings mean that are fine; `check` alone shows it.
   *
   * @param at Where, below the endpoint.
   * @param message What they mean.
   * @param hint What to write otherwise.
   */
  note(at: ConfigPath, message: string, hint?: string): void;
  /**
   * Finds a service that an outcome asks. Reports a name that is none, and an `onFailure` that is
   * no outcome of the kind; then what is opened is not used.
   *
   * @param name Its name in the config.
   * @param at Where the name stands, below the endpoint.
   * @param onFailure The outcomes that may take the place of its answer.
   */
  service<Outcome>(
    name: string,
    at: ConfigPath,
    onFailure: z.ZodType<Outcome>,
  ): ServiceReference<Outcome> | undefined;
}

/** An endpoint without its place: what a kind makes of settings. */
export interface Opened {
  readonly auth: Authenticator;
  readonly rules: Endpoint["rules"];
  readonly ingestion?: NonNullable<Endpoint["ingestion"]>;
  readonly answer: Endpoint["answer"];
}

/** A kind of endpoint, as the config knows it. */
export interface EndpointKind {
  /** Its name in the config, e.g. `ustore.order-approval`. */
  readonly kind: string;
  /** One line for people. */
  readonly summary: string;
  /** Its settings, without `path` and `kind`, which every endpoint has. */
  readonly settings: z.ZodObject;
  /** Whether events come of what it answers, to be forwarded. */
  readonly hasEvents?: boolean;
  /** What its rules see; absent where it has none. */
  readonly sight?: RuleSight;
  /**
   * Opens it.
   *
   * @param settings What {@linkcode EndpointKind.settings} made of the config.
   * @param context The config around it, and where to report mistakes.
   */
  open(settings: unknown, context: OpenContext): Opened | Promise<Opened>;
}
