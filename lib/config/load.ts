import { dirname, resolve } from "@std/path";
import type { Endpoint } from "../http/endpoint.ts";
import {
  checkAuthorities,
  checkFolders,
  checkJournal,
  checkTls,
  isInFolder,
  resolveJournal,
  resolveTls,
} from "./files.ts";
import { coerce } from "./messages/fit.ts";
import { type Config, configSchema, serverSection } from "./schema.ts";
import {
  eachMistakeOnce,
  formatPath,
  inFileOrder,
  isWithin,
  type LocatedMistake,
  locateMistakes,
  type Mistake,
  valueAt,
} from "./mistake.ts";
import { decodeText, readSource } from "./source.ts";
import { type EndpointKind, openServices } from "./endpoints/endpoint_kind.ts";
import { type EndpointResult, openEndpoint } from "./endpoints/endpoints.ts";
import { type Override, readEnvironment } from "./environment.ts";
import { type FilledIn, fillIn } from "./fill_in.ts";
import { localUrl } from "../util/addresses.ts";
import type { TlsPair } from "../http/listen/tls.ts";
import { describeReadFailure, readSmallFile } from "../util/files.ts";
import { locateFindings, type OpenedLibrary, openRuleLibrary } from "./rule_library.ts";
import { checkReferences } from "./references.ts";
import { findOverlaps, findProxyWarnings, findTableNotes, findWarnings } from "./warnings.ts";
import { takeProxyVariables } from "../util/connection.ts";
import { secretsToHide } from "./secrets.ts";
import { judgeSettings } from "./messages/judge.ts";
import { withHome } from "./messages/homes.ts";
import type { ServiceCallEvent } from "../services/service.ts";
import { machineTimeZone } from "../util/time_zone.ts";
import { timeZoneSetting } from "../util/settings.ts";

/** What to load, and what stands above the file. */
export interface LoadOptions {
  /** The config file's path. */
  readonly file: string;
  /** The kinds that endpoints may have. */
  readonly kinds: readonly EndpointKind[];
  /** An environment variable, `undefined` when unset. */
  env(name: string): string | undefined;
  /** The names of all variables, to warn of misspelt ones. */
  readonly environmentNames?: readonly string[];
  readonly flags?: { readonly hostname?: string; readonly port?: number };
  /** What a running server speaks, whatever the config wants; what it says unless given. */
  readonly scheme?: "http" | "https";
  /** Reads the config file and those of `${file:PATH}`; from the disk unless given. */
  readonly readFile?: (path: string) => Promise<Uint8Array>;
  /** Told of every question to a service that has ended. */
  readonly onServiceCall?: (event: ServiceCallEvent) => void;
  /**
   * Told of the journal once the sections have no mistakes, while endpoints are still opened; not
   * where there are tests, which may look into it.
   */
  readonly onJournal?: (journal: Config["journal"]) => void;
}

/** A config that can run. */
export interface Loaded {
  readonly config: Config;
  /** Every endpoint, opened, in the config's order. */
  readonly endpoints: readonly Endpoint[];
  /** The certificate and its key, where HTTPS is spoken. */
  readonly tls?: TlsPair;
  /** What may never be shown, e.g. in the log. */
  readonly secrets: readonly string[];
  readonly warnings: readonly LocatedMistake[];
  /** What settings mean that are fine, for who asks. */
  readonly notes: readonly LocatedMistake[];
}

/** A config that can't. */
export interface NotLoaded {
  /** All mistakes, in the order of the file. */
  readonly mistakes: readonly LocatedMistake[];
  readonly warnings: readonly LocatedMistake[];
}

/**
 * Loads a config: reads it, fills it in, judges all of it and opens its endpoints.
 *
 * @param options What to load.
 * @returns The config and its endpoints, or all mistakes at once.
 */
export async function loadConfig(options: LoadOptions): Promise<Loaded | NotLoaded> {
  const opened: string[] = [];
  const readFile = (path: string) => {
    opened.push(path);
    return (options.readFile ?? readSmallFile)(path);
  };
  const read = await readConfigFile(options.file, readFile);
  if (typeof read !== "string") return { mistakes: [read], warnings: [] };
  const source = readSource(read);
  if (!source.sound) return { mistakes: source.mistakes, warnings: [] };

  const environment = readEnvironment(
    { get: options.env, names: options.environmentNames ?? [] },
    source.value,
    options.kinds,
  );
  const folder = dirname(resolve(options.file));
  const filled = await fillIn(
    source.value,
    [...environment.overrides, ...flagOverrides(options.flags ?? {})],
    {
      env: options.env,
      file: async (path) => decodeText(await readFile(resolve(folder, path))),
    },
  );
  const judged = await judgeAll(filled, { ...options, readFile }, folder);
  const { library } = judged;

  const mistakes = [
    ...environment.mistakes,
    ...filled.mistakes,
    ...judged.mistakes.map((mistake) => withHome(mistake, options.kinds)),
    ...checkJournal(filled, folder, opened),
  ];
  const located = inFileOrder([
    ...source.mistakes,
    ...locateMistakes(mistakes, source),
    ...locateFindings(library.findings().mistakes, source, filled),
  ]);
  const warnings = inFileOrder([
    ...environment.warnings,
    ...source.warnings,
    ...locateMistakes([
      ...findWarnings(filled, DEFAULTS.hostname),
      ...findProxyWarnings(filled, takeProxyVariables()),
      ...judged.warnings,
      ...(judged.config === undefined ? [] : await checkFolders(judged.config)),
    ], source),
    ...locateFindings(
      [
        ...library.findings().warnings,
        // What has mistakes may use what seems to be of no use.
        ...(located.length > 0 ? [] : library.unused()),
      ],
      source,
      filled,
    ),
  ]);
  if (located.length > 0 || judged.config === undefined) {
    return { mistakes: located, warnings };
  }
  return {
    config: judged.config,
    endpoints: judged.endpoints,
    ...(judged.tls === undefined ? {} : { tls: judged.tls }),
    secrets: secretsToHide(filled),
    warnings,
    notes: inFileOrder([
      ...locateMistakes([...judged.notes, ...findTableNotes(judged.config)], source),
      ...locateFindings(library.notes, source, filled),
    ]),
  };
}

const DEFAULTS = serverSection.parse({}, { jitless: true });

async function readConfigFile(
  file: string,
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<string | Mistake> {
  const name = JSON.stringify(file);
  try {
    return decodeText(await readFile(file));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      const hint = "Write one with: storehook init";
      return { path: [], message: `Cannot find the config file ${name}`, hint };
    }
    if (error instanceof TypeError) {
      const message = `Cannot read the config file ${name}: it is no text in UTF-8`;
      return { path: [], message, hint: "In Notepad: Save as, Encoding UTF-8" };
    }
    const reason = describeReadFailure(error);
    return { path: [], message: `Cannot read the config file ${name}: ${reason}` };
  }
}

function flagOverrides(flags: { hostname?: string; port?: number }): readonly Override[] {
  return Object.entries(flags).map(([name, value]) => ({
    path: ["server", name],
    value,
    from: `--${name}`,
  }));
}

interface Judged {
  readonly mistakes: readonly Mistake[];
  readonly warnings: readonly Mistake[];
  readonly notes: readonly Mistake[];
  readonly library: OpenedLibrary;
  readonly endpoints: readonly Endpoint[];
  readonly tls?: TlsPair | undefined;
  /** Only when there are no mistakes. */
  readonly config?: Config;
}

async function judgeAll(
  filled: FilledIn,
  options: LoadOptions & Pick<Required<LoadOptions>, "readFile">,
  folder: string,
): Promise<Judged> {
  const { kinds, readFile, onServiceCall, onJournal, scheme } = options;
  const { origins } = filled;
  const isFromOutside = (path: Mistake["path"]) => origins.has(formatPath(path));
  const value = coerce(filled.value, configSchema, isFromOutside);
  const sections = judgeSettings(configSchema, value, { path: [], origins });
  // What could not be filled in may be a part of its path.
  if ("data" in sections && filled.mistakes.length + sections.data.tests.length === 0) {
    onJournal?.(resolveJournal(sections.data.journal, folder));
  }

  const server = serverSection.safeParse(valueAt(value, ["server"]) ?? {}).data ?? DEFAULTS;
  const authorities = await checkAuthorities(value, folder, readFile);
  const services = await openServices(
    valueAt(value, ["services"]),
    onServiceCall,
    authorities.byFile,
  );
  const spoken = scheme ?? (server.tls === undefined ? "http" : "https");
  const publicUrl = server.publicUrl ?? localUrl(server.hostname, server.port, spoken);
  const timeZone = timeZoneSetting.safeParse(valueAt(value, ["timeZone"])).data ??
    machineTimeZone();
  const tls = await checkTls(server.tls, folder, readFile, Date.now());
  const library = await openRuleLibrary(value, folder, kinds, readFile);
  const list = valueAt(value, ["endpoints"]);
  const opened: EndpointResult[] = [];
  const { decisionTimeoutMs: timeLimitMs } = server;
  const surroundings = { filled, kinds, publicUrl, timeZone, services, library, timeLimitMs };
  // In turn: what is found in a table of several is found in their order.
  for (const [index, raw] of (Array.isArray(list) ? list : []).entries()) {
    opened.push(await openEndpoint(raw, index, surroundings));
  }
  const mistakes = [
    ..."mistakes" in sections ? sections.mistakes.filter(isNoKind) : [],
    ...checkReferences(filled, DEFAULTS.hostname),
    // Endpoints that ask one service find the same mistake in it.
    ...eachMistakeOnce(opened.flatMap((one) => one.mistakes)),
    ...tls.mistakes,
    ...authorities.mistakes,
  ].filter(({ path }) => !filled.mistakes.some((broken) => isWithin(path, broken.path)));
  const endpoints = opened.flatMap(({ endpoint }) => endpoint ?? []);
  const warnings = [
    ...tls.warnings,
    ...findOverlaps(opened.map(({ endpoint }) => endpoint)),
    ...opened.flatMap((one) => one.warnings ?? []),
  ];
  const notes = opened.flatMap((one) => one.notes ?? []);
  if ("mistakes" in sections || mistakes.length > 0) {
    return { mistakes, warnings, notes, library, endpoints };
  }
  return {
    mistakes,
    warnings,
    notes,
    library,
    endpoints,
    tls: tls.pair,
    config: complete(sections.data, opened, {
      ...{ publicUrl, timeZone, folder },
      authorities: authorities.byFile,
    }),
  };
}

/** Where endpoints are opened the kinds are known, and listed. */
function isNoKind({ path }: Mistake): boolean {
  return !(path.length === 3 && path[0] === "endpoints" && path[2] === "kind");
}

function complete(
  sections: ReturnType<typeof configSchema.parse>,
  opened: readonly EndpointResult[],
  { publicUrl, timeZone, folder, authorities }: {
    readonly publicUrl: string;
    readonly timeZone: string;
    readonly folder: string;
    readonly authorities: ReadonlyMap<string, string>;
  },
): Config {
  const { server, admin, journal, log, console, services, destinations, tests } = sections;
  return {
    timeZone,
    isTimeZoneSet: sections.timeZone !== undefined,
    server: {
      ...server,
      publicUrl,
      ...(server.tls === undefined ? {} : { tls: resolveTls(server.tls, folder) }),
    },
    admin,
    console,
    journal: resolveJournal(journal, folder),
    log: log.file === undefined
      ? log
      : { ...log, file: resolve(folder, log.file), isOwn: isInFolder(folder, log.file) },
    services,
    tests,
    destinations: Object.fromEntries(
      Object.entries(destinations).map(([name, destination]) => [
        name,
        destination.type === "folder"
          ? {
            ...destination,
            path: resolve(folder, destination.path),
            isOwn: isInFolder(folder, destination.path),
          }
          : { ...destination, authority: authorities.get(destination.caFile ?? "") },
      ]),
    ),
    endpoints: opened.flatMap(({ configured }) => configured ?? []),
  };
}
