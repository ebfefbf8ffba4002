/** One thing that the console does: what it takes, who may, and what it gives. */
import type * as z from "zod";
import type { Role } from "../../journal/console.ts";
import type { ConsoleContext, Viewer } from "../context.ts";
import { ConsoleError } from "../errors.ts";
import type { PageName } from "../pages/page_data.ts";
import { type Policy, seesPeople } from "../privacy/policy.ts";
import { sightOf } from "../privacy/proof.ts";
import { refuseToLookFor } from "../privacy/searching.ts";

/** Below it is the API. */
export const API_PATH = "/api/v1";

/** What a route works with. */
export interface RouteTools {
  readonly context: ConsoleContext;
  readonly viewer: Viewer;
  readonly request: Request;
  /** The path and the query below the console's own path. */
  readonly at: URL;
  /** The hash of the session, where there is one. */
  readonly session: string | undefined;
  /** Lets whoever asks watch what happens. */
  readonly watch: () => Response;
  /**
   * Notes in the audit what is done or looked at.
   *
   * @throws {JournalUnavailable} When it cannot be noted; then nothing is shown either.
   */
  readonly audit: (action: string, target: string, result: string) => Promise<void>;
}

/** Whether a script asks, which waits for what takes long. */
export function isOfApi({ at }: Pick<RouteTools, "at">): boolean {
  return at.pathname.startsWith(`${API_PATH}/`);
}

/** A route as the console finds it. */
export interface ConsoleRoute {
  readonly method: "GET" | "POST";
  /** Below `/api/v1`. `{name}` is one part of a path, `{name...}` all that follows. */
  readonly path: string;
  /** The page that shows what it gives, where it is one too: at the same path, or at `pagePath`. */
  readonly page?: PageName;
  readonly pagePath?: string;
  readonly role: Role;
  readonly summary: string;
  /** What it takes: of the path, and of the query or the body. */
  readonly input: z.ZodObject;
  /** How many bytes a body may have. */
  readonly maxBytes?: number;
  readonly run: (tools: RouteTools, input: unknown) => Promise<unknown>;
}

/** A route whose input has a type. */
type RouteDefinition<Input extends z.ZodObject, Data> =
  & Omit<ConsoleRoute, "input" | "run" | "role">
  & {
    readonly input: Input;
    readonly run: (tools: RouteTools, input: z.output<Input>) => Promise<Data>;
  }
  & (
    | { readonly role: Exclude<Role, "viewer"> }
    /** What viewers see of what it gives: no route is theirs for which nobody has said that. */
    | { readonly role: "viewer"; readonly forViewers: Policy<Data> }
  );

/**
 * Makes a route of a definition: what is sent is judged by its own schema before it sees it, and what
 * a viewer may not see is neither found nor shown.
 *
 * @param definition The route.
 */
export function route<Input extends z.ZodObject, Data>(
  definition: RouteDefinition<Input, Data>,
): ConsoleRoute {
  const { input, run } = definition;
  return {
    ...definition,
    async run(tools, given) {
      const asked = input.parse(given, ONCE);
      const { context: { served, handlers }, viewer } = tools;
      if (seesPeople(viewer.role)) return await run(tools, asked);
      const sight = sightOf(served().config, handlers);
      if (!("forViewers" in definition)) {
        throw new ConsoleError("role_too_low", { role: definition.role });
      }
      refuseToLookFor(asked, sight);
      return definition.forViewers(await run(tools, asked), sight);
    },
  };
}

/** No code is made for a schema that judges one value. */
const ONCE = { jitless: true };

/** A route that was found, with the parts of the path that its variables stand for. */
export interface FoundRoute {
  readonly route: ConsoleRoute;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Makes what finds routes.
 *
 * @param routes All of them.
 * @param pathOf Where a route is; `undefined` where it is not.
 * @returns Finds those at a path, whatever their method.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import * as z from "zod";
 *
 * const run = () => Promise.resolve(1);
 * const common = { method: "GET", role: "viewer", summary: "", input: z.object({}), run } as const;
 * const find = createFinder([{ ...common, path: "/a/{id}" }, { ...common, path: "/b/{of...}" }], (
 *   { path },
 * ) => path);
 * assertEquals(find("/a/x%20y")[0]?.variables, { id: "x y" });
 * assertEquals(find("/b/x/y")[0]?.variables, { of: "x/y" });
 * assertEquals(find("/a/x/y"), []);
 * ```
 */
export function createFinder(
  routes: readonly ConsoleRoute[],
  pathOf: (route: ConsoleRoute) => string | undefined,
): (pathname: string) => readonly FoundRoute[] {
  const patterns = routes.flatMap((one) => {
    const path = pathOf(one);
    return path === undefined ? [] : [{ route: one, pattern: patternOf(path) }];
  });
  return (pathname) =>
    patterns.flatMap(({ route, pattern }) => {
      const groups = pattern.exec(pathname)?.groups;
      const variables = groups === undefined
        ? pattern.test(pathname) ? {} : undefined
        : decoded(groups);
      return variables === undefined ? [] : [{ route, variables }];
    });
}

function patternOf(path: string): RegExp {
  const source = path.replace(/[.*+?^$()|[\]\\]/g, (sign) => `\\${sign}`)
    .replace(/\{(\w+)\\\.\\\.\\\.\}/g, "(?<$1>.+)")
    .replace(/\{(\w+)\}/g, "(?<$1>[^/]+)");
  return new RegExp(`^${source}$`);
}

function decoded(
  groups: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | undefined {
  try {
    return Object.fromEntries(
      Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text)]),
    );
  } catch {
    // A lone % is no path of anything.
    return undefined;
  }
}
