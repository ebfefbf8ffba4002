import type * as z from "zod";
import type { Authenticator } from "../../auth/authenticator.ts";
import type { ChangeDocument } from "../../trials/rule_tests/change_document.ts";
import type { RuleSight } from "../../rules/evidence.ts";
import type { Vocabulary } from "../../rules/vocabulary.ts";
import type { Endpoint } from "../../http/endpoint.ts";
import { createServices, type Service, type ServiceCallEvent } from "../../services/service.ts";
import { type ConfigPath, isObject, type Mistake } from "../mistake.ts";
import { nearest } from "../../util/words.ts";
import { type ServiceSettings, serviceSettings } from "../../services/service.ts";
import { oneOfInWords } from "../messages/phrases.ts";
import { judgeSettings } from "../messages/judge.ts";
import type { Origins } from "../secrets.ts";

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
   * Adds to what rules may speak of what the config gives names to: conditions and tables.
   *
   * @param base What rules of the kind may speak of.
   */
  vocabulary(base: Vocabulary): Vocabulary;
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
  readonly linesOf?: NonNullable<Endpoint["linesOf"]>;
  readonly rowsOf?: NonNullable<Endpoint["rowsOf"]>;
  readonly vocabulary?: Vocabulary;
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
  /** A document of it, for tests beside rules. */
  readonly sample?: { readonly request: unknown };
  /** Changes a document by the names that its rules use; absent where it is changed by places. */
  readonly change?: ChangeDocument;
  /** Reads by which numbers people look for a delivery; it never throws. Absent where by none. */
  readonly numbersOf?: (document: unknown) => readonly string[];
  /** The name of the field that says when the document was made, in local time. */
  readonly timeField?: string;
  /**
   * Opens it.
   *
   * @param settings What {@linkcode EndpointKind.settings} made of the config.
   * @param context The config around it, and where to report mistakes.
   */
  open(settings: unknown, context: OpenContext): Opened | Promise<Opened>;
}

/** A service of the config, whose settings may have mistakes that are told elsewhere. */
interface ConfiguredService {
  readonly service: Service | undefined;
  /** What the config says of its `onFailure`. */
  readonly onFailure: unknown;
}

/** The services of a config by name. */
export type ConfiguredServices = ReadonlyMap<string, ConfiguredService>;

/**
 * Opens the services of a config, as far as they have no mistakes.
 *
 * @param section What the config says, with text from outside turned into numbers.
 * @param onCall Told of every call.
 * @param authorities The certificates of each `caFile`, by its text in the config.
 * @returns All that are named.
 */
export async function openServices(
  section: unknown,
  onCall?: (event: ServiceCallEvent) => void,
  authorities: ReadonlyMap<string, string> = new Map(),
): Promise<ConfiguredServices> {
  const entries = isObject(section) ? Object.entries(section) : [];
  const sound = new Map<string, ServiceSettings>();
  for (const [name, raw] of entries) {
    const { data } = serviceSettings().safeParse(raw);
    if (data === undefined) continue;
    sound.set(name, { ...data, authority: authorities.get(data.caFile ?? "") });
  }
  const services = await createServices(sound, { onCall });
  return new Map(entries.map(([name, raw]) => {
    const onFailure = isObject(raw) ? raw.onFailure : undefined;
    return [name, { service: services.get(name), onFailure }];
  }));
}

/** What an endpoint needs to find the services that its outcomes ask. */
export interface ServiceFinder {
  readonly services: ConfiguredServices;
  /** The endpoint's path, for messages. */
  readonly endpoint: string;
  readonly origins: Origins;
  /** Reports a mistake of the endpoint. */
  readonly report: OpenContext["report"];
  /** Reports a mistake that stands elsewhere in the config. */
  readonly reportElsewhere: (mistake: Mistake) => void;
}

/**
 * Makes what finds the services that an endpoint's outcomes ask.
 *
 * @param finder The services, and where mistakes go.
 * @returns The `service()` of the endpoint's context.
 */
export function serviceFinder(finder: ServiceFinder): OpenContext["service"] {
  const { services, endpoint, origins, report, reportElsewhere } = finder;
  const hint = `${endpoint} asks this service: another kind of endpoint needs one of its own`;

  function outcomeOf<Outcome>(name: string, found: unknown, schema: z.ZodType<Outcome>) {
    if (found === undefined) return undefined;
    const path = ["services", name, "onFailure"];
    const judged = judgeSettings(schema, found, { path, origins });
    if ("data" in judged) return judged.data;
    for (const mistake of judged.mistakes) reportElsewhere({ hint, ...mistake });
    return undefined;
  }

  return <Outcome>(
    name: string,
    at: readonly (string | number)[],
    onFailure: z.ZodType<Outcome>,
  ): ServiceReference<Outcome> | undefined => {
    const found = services.get(name);
    if (found === undefined) {
      report(at, `found ${JSON.stringify(name)}, wanted the name of a service`, hintFor(name));
      return undefined;
    }
    const outcome = outcomeOf(name, found.onFailure, onFailure);
    if (found.service === undefined) return undefined;
    return {
      service: found.service,
      onFailure: outcome,
      report: (below, message, fix) =>
        reportElsewhere({
          path: ["services", name, "onFailure", ...below],
          message,
          ...(fix !== undefined && { hint: fix }),
        }),
    };
  };

  function hintFor(name: string): string {
    const known = [...services.keys()];
    const near = nearest(name, known);
    if (near !== undefined) return `Did you mean ${JSON.stringify(near)}?`;
    return known.length === 0
      ? "There are no services in this config"
      : `There is ${oneOfInWords(known)}`;
  }
}
