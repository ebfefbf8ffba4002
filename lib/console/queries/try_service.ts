/** One question to a service, asked by hand. */
import { dirname, resolve } from "@std/path";
import { Problem } from "../../http/problem/problem.ts";
import { createService } from "../../services/service.ts";
import { readSmallFile } from "../../util/files.ts";
import { decodeText } from "../../config/source.ts";
import type { ConsoleContext } from "../context.ts";

/** What came of asking. */
export interface ServiceTrial {
  readonly service: string;
  readonly outcome: "answered" | "refused" | "failed";
  readonly status: number | null;
  readonly attempts: number;
  readonly durationMs: number;
  /** Why it gave no answer; `null` where it gave one. */
  readonly failure: string | null;
}

/**
 * Asks a service as an order would, with the order of the vendor's page. What it says decides
 * nothing, and the breaker of the server does not count it.
 *
 * @param context What the console is given.
 * @param name The name of the service.
 * @param body What it is asked about; the vendor's own order unless given.
 * @throws {Problem} `not_found`.
 */
export async function tryService(
  { served, handlers }: Pick<ConsoleContext, "served" | "handlers">,
  name: string,
  body?: Uint8Array<ArrayBuffer>,
): Promise<ServiceTrial> {
  const { config, file } = served();
  const settings = Object.hasOwn(config.services, name) ? config.services[name] : undefined;
  if (settings === undefined) throw new Problem("not_found");
  const authority = settings.caFile === undefined
    ? undefined
    : decodeText(await readSmallFile(resolve(dirname(file), settings.caFile)));
  const service = await createService(name, { ...settings, authority });
  const sample = new TextEncoder().encode(JSON.stringify(handlers[0]?.sample.request ?? {}));
  const request = { body: body ?? sample, requestId: crypto.randomUUID(), language: "en" };
  // Any answer will do: which outcomes there are, the endpoints that ask know.
  const reply = await service.ask(request, { read: (document) => document });
  const { attempts, status, durationMs } = reply.call;
  return {
    service: name,
    outcome: "failure" in reply ? "failed" : "refusal" in reply ? "refused" : "answered",
    ...{ attempts, status, durationMs },
    failure: "failure" in reply ? reply.failure : null,
  };
}
