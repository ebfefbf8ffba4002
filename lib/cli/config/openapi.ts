import type { Handler } from "../../../handlers/handler.ts";
import { CONFIG_VARIABLE } from "../../config/environment.ts";
import type { LoadOptions } from "../../config/load.ts";
import { describeHttp } from "../../openapi/document.ts";
import type { DescribedEndpoint } from "../../openapi/endpoint_paths.ts";
import { localUrl } from "../../util/addresses.ts";
import { fileExists } from "../../util/files.ts";
import type { RunCommand } from "../terminal/table.ts";
import { type Terminal } from "../terminal/terminal.ts";
import { VERSION } from "../version.ts";
import { demoConfig, type SampleConfig } from "./init.ts";
import { loadLocated, locateForLoading } from "./load.ts";

/**
 * Makes `storehook openapi`.
 *
 * @param handlers The kinds that endpoints may have.
 * @param sample Writes a config to describe where there is none.
 * @returns The command.
 */
export function openapiCommand(handlers: readonly Handler[], sample: SampleConfig): RunCommand {
  return async (options, terminal) => {
    const config = options.text("config");
    const load = await locateForLoading({ config, kinds: handlers }, terminal);
    const isNamed = config !== undefined || Boolean(terminal.env(CONFIG_VARIABLE));
    return isNamed || await fileExists(load.file)
      ? await print(load, handlers, terminal)
      : await print(everyKind(load, handlers, sample), handlers, terminal);
  };
}

async function print(
  options: LoadOptions,
  handlers: readonly Handler[],
  terminal: Terminal,
): Promise<number> {
  const loaded = await loadLocated(options, terminal);
  if (loaded === undefined) return 2;
  const { server, admin } = loaded.config;
  const document = describeHttp({
    version: VERSION,
    publicUrl: server.publicUrl,
    adminUrl: localUrl(admin.hostname, admin.port),
    endpoints: loaded.endpoints.flatMap((endpoint): readonly DescribedEndpoint[] => {
      const handler = handlers.find(({ kind }) => kind === endpoint.kind);
      if (handler === undefined) return [];
      const { summary, wire, sample } = handler;
      return [{ endpoint, summary, wire, example: sample.request }];
    }),
  });
  terminal.out(`${JSON.stringify(document, null, 2)}\n`);
  return 0;
}

/** In the place of a config that is not there: it is read, and written nowhere. */
function everyKind(
  options: LoadOptions,
  handlers: readonly Handler[],
  sample: SampleConfig,
): LoadOptions {
  const bytes = new TextEncoder().encode(demoConfig(handlers, sample).text);
  return { ...options, readFile: () => Promise.resolve(bytes) };
}
