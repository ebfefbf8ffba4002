import { join } from "@std/path";
import { handlers } from "../../../handlers/mod.ts";
import { readInPlaceOf } from "../../../lib/config/history.ts";
import { loadConfig } from "../../../lib/config/load.ts";
import { type Console, createConsole } from "../../../lib/console/console.ts";
import type { ConsoleContext } from "../../../lib/console/context.ts";
import { watchServices } from "../../../lib/console/queries/services.ts";
import { createReader } from "../../../lib/console/reader/reader.ts";
import { digestOfSecret, newSecret } from "../../../lib/console/session/credentials.ts";
import { offerLink } from "../../../lib/console/session/sessions.ts";
import { startTraffic } from "../../../lib/console/traffic.ts";
import type { Role } from "../../../lib/journal/console.ts";
import type { Journal } from "../../../lib/journal/journal.ts";
import { openJournal } from "../../../lib/journal/sqlite/open.ts";
import { decideRange } from "../../../lib/trials/backtest/range.ts";
import { judgeText } from "../../../lib/trials/judged_text.ts";
import { withFolder } from "../config/load_text.ts";

/** The key of every endpoint. */
export const KEY = "a-signature-key-of-the-store";
/** The password of every user. */
export const PASSWORD = "correct horse";
/** Hashes that cost little: N is 2^10. */
const HASH =
  "scrypt$ln=10,r=8,p=1$k+bYjhp4lCZSaki2S/pM2w$LX9Ikpd9cSY2xnUFTZJbYsk0/5v/2HzUd9jnn8nFYbU";
const OTHER_HASH =
  "scrypt$ln=10,r=8,p=1$/SKd2EgkzLZDMfpBS8NdoA$ABO/FrBOAUlHiBORAwv1aelHD/BsGJxLSlkTuzivD4o";

/** Tokens of scripts, by their roles. */
export const TOKENS: Readonly<Record<Role, string>> = {
  viewer: newSecret(),
  operator: newSecret(),
  admin: newSecret(),
};

const CONFIG = {
  server: { publicUrl: "https://hooks.example" },
  endpoints: [
    {
      path: "/approval",
      kind: "ustore.order-approval",
      signatureKeys: [KEY],
      rules: [
        { name: "large orders", when: "order.total > 500.0", then: { group: 10065 } },
        { name: "never", when: "order.total > 1000000.0", then: { group: 7 } },
      ],
      otherwise: { approve: true },
    },
    {
      path: "/cart",
      kind: "events",
      auth: { type: "none" },
      forward: ["erp"],
    },
  ],
  services: { budget: { url: "http://me:pass-word@127.0.0.1:9/ask?code=a1b2c3d4" } },
  destinations: { erp: { type: "http", url: "http://127.0.0.1:9/hooks?token=t0psecret-token" } },
};

/** A request, but for what is given. */
export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as a form. */
  readonly form?: Readonly<Record<string, string>>;
  /** With the token of this role. */
  readonly as?: Role;
  readonly address?: string;
}

/** An answer that was read. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** What its JSON says. */
  // deno-lint-ignore no-explicit-any -- tests look into it freely
  readonly json: any;
}

/** A console in this process, with a journal on disk. */
export interface ConsoleWorld {
  readonly journal: Journal;
  readonly console: Console;
  readonly context: ConsoleContext;
  /** Asks it as a browser at 127.0.0.1 does, or a script with a token. */
  ask(path: string, asking?: Asking): Promise<Answered>;
  /** Signs in, and gives the cookie. */
  signIn(name: string, password?: string): Promise<string>;
  /** Makes a link that signs in. */
  link(role?: Role): Promise<string>;
  /** Moves the clock on. */
  pass(ms: number): void;
  /** Serves another `console` section from now on. */
  change(section: object): Promise<void>;
  /** The hash of another password. */
  readonly otherHash: string;
}

/** The users, one of each role, all with one password. */
export const USERS = (["viewer", "operator", "admin"] as const).map((role) => ({
  name: `the ${role}`,
  password: HASH,
  role,
}));

/** Who may come in. */
export const SECTION = {
  users: USERS,
  tokens: (["viewer", "operator", "admin"] as const).map((role) => ({
    name: `${role}-script`,
    hash: `sha256$${digestOfSecret(TOKENS[role])}`,
    role,
  })),
};

/** Runs with a console and a journal that are gone afterwards. */
export async function withConsole(
  test: (world: ConsoleWorld) => Promise<void>,
  { config = {}, files = {}, wrap = (context) => context }: {
    /** Settings beside those of every console, or the whole file as a text. */
    readonly config?: object | string;
    /** The texts of files beside it, by their names. */
    readonly files?: Readonly<Record<string, string>>;
    readonly wrap?: (context: ConsoleContext) => ConsoleContext;
  } = {},
): Promise<void> {
  await withFolder(async (folder) => {
    const file = join(folder, "config.json");
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(join(folder, name), text);
    }
    const journal = openJournal(join(folder, "journal.db"));
    let passed = 0;
    const now = () => Date.now() + passed;
    async function serve(section: object) {
      const text = typeof config === "string"
        ? config
        : JSON.stringify({ ...CONFIG, ...config, console: section });
      await Deno.writeTextFile(file, text);
      return await loadServed();
    }
    async function loadServed() {
      const loaded = await loadConfig({ file, kinds: handlers, env: () => undefined });
      if ("mistakes" in loaded) throw new Error(JSON.stringify(loaded.mistakes));
      return { ...loaded, file, since: Date.now() };
    }
    let served = await serve(SECTION);
    const drafts: ConsoleContext["drafts"] = {
      judge: (text, delivery) =>
        judgeText(
          {
            ...{ file, kinds: handlers, env: () => undefined },
            findDelivery: (id) => journal.get(id),
          },
          text,
          delivery,
        ),
      async backtest(text, filter, most) {
        const readFile = readInPlaceOf(file, text);
        const loaded = await loadConfig({ file, kinds: handlers, env: () => undefined, readFile });
        if ("mistakes" in loaded) throw new Error(JSON.stringify(loaded.mistakes));
        const { endpoints } = loaded;
        return await decideRange({ journal, endpoints, kinds: handlers }, { filter, most });
      },
      // As the server looks at its files once they are written.
      nextServed: (signal) =>
        new Promise((resolve) => {
          const before = Deno.readTextFileSync(file);
          const timer = setInterval(async () => {
            if (Deno.readTextFileSync(file) === before) return;
            clearInterval(timer);
            served = await loadServed();
            resolve(true);
          }, 2);
          signal.addEventListener("abort", () => {
            clearInterval(timer);
            resolve(false);
          });
        }),
    };
    const reader = createReader(journal, handlers);
    const traffic = startTraffic({ journal, reader, now });
    const context = wrap({
      ...{ reader, journal, handlers, traffic, now, drafts },
      served: () => served,
      notServed: () => undefined,
      mistakes: () => [],
      readiness: () => Promise.resolve({ ready: true }),
      destinations: () => [],
      services: watchServices(),
      version: "1.2.3",
      startedAt: Date.now(),
    });
    const console = createConsole(context);

    async function ask(path: string, asking: Asking = {}): Promise<Answered> {
      const { json, form, as, address = "127.0.0.1" } = asking;
      const body = json !== undefined
        ? JSON.stringify(json)
        : form === undefined
        ? undefined
        : new URLSearchParams(form).toString();
      const method = asking.method ?? (body === undefined ? "GET" : "POST");
      const headers = new Headers({ Host: "127.0.0.1:8081", ...asking.headers });
      if (json !== undefined) headers.set("Content-Type", "application/json");
      if (form !== undefined) headers.set("Content-Type", "application/x-www-form-urlencoded");
      if (as !== undefined) headers.set("Authorization", `Bearer ${TOKENS[as]}`);
      else if (method === "POST" && asking.headers === undefined) {
        headers.set("Sec-Fetch-Site", "same-origin");
      }
      const request = new Request(`http://127.0.0.1:8081${path}`, {
        ...{ method, headers },
        ...(body === undefined ? {} : { body }),
      });
      const response = await console.answer(request, { remoteAddress: address });
      const text = await response.text();
      const isJson = response.headers.get("Content-Type")?.split(";")[0] === "application/json";
      return {
        ...{ status: response.status, headers: response.headers, text },
        json: isJson ? JSON.parse(text) : undefined,
      };
    }

    try {
      await test({
        ...{ journal, console, context, ask },
        otherHash: OTHER_HASH,
        async signIn(name, password = PASSWORD) {
          const { status, headers, text } = await ask("/login", { form: { name, password } });
          if (status !== 303) throw new Error(`Cannot sign in: ${status} ${text}`);
          return headers.get("Set-Cookie")?.split(";")[0] ?? "";
        },
        link: async (role = "admin") => {
          const url = await offerLink(journal.console, "http://127.0.0.1:8081", role, now());
          return url.slice("http://127.0.0.1:8081".length);
        },
        pass: (ms) => void (passed += ms),
        change: async (section) => void (served = await serve(section)),
      });
    } finally {
      console.stop();
      await traffic.stop();
      await journal.close();
    }
  });
}
