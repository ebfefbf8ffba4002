import type { Handler } from "../../../handlers/handler.ts";
import { localUrl } from "../../util/addresses.ts";
import { CONFIG_VARIABLE } from "../../config/values/environment.ts";
import type { LoadOptions } from "../../config/load.ts";
import { describeHttp } from "../../openapi/document.ts";
import type { DescribedEndpoint } from "../../openapi/endpoint_paths.ts";
import { loadLocated, locateForLoading } from "../config/load.ts";
import type { SampleConfig } from "../config/init.ts";
import { demoConfig } from "../demo/demo_config.ts";
import type { Command, Terminal } from "../terminal/command.ts";
import { parseOptions } from "../terminal/options.ts";
import { VERSION } from "../version.ts";

const help = `Usage: storehook openapi [--config FILE]

Prints a description of all HTTP by OpenAPI 3.1: what each endpoint of a config takes and answers,
with every error, and the health checks, exported lists and metrics. It holds no secrets.

Options:
  --config FILE   the config; else STOREHOOK_CONFIG, else config.json in the working directory,
                  else config.json beside the program, else an endpoint of every kind

Example:
  storehook openapi > openapi.json

Exit codes: 0 fine, 2 the config has mistakes, or wrong usage
`;

/**
 * Makes `storehook openapi`.
 *
 * @param handlers The kinds that endpoints may have.
 * @param sample Writes a config to describe where there is none.
 * @returns The command.
 */
export function openapiCommand(handlers: readonly Handler[], sample: SampleConfig): Command {
  return {
    name: "openapi",
    summary: "all HTTP described by OpenAPI 3.1",
    help,
    async run(args, terminal) {
      const config = parseOptions(args, { text: ["config"] }).text("config");
      const options = await locateForLoading({ config, kinds: handlers }, terminal);
      const isNamed = config !== undefined || Boolean(terminal.env(CONFIG_VARIABLE));
      return isNamed || await exists(options.file)
        ? await print(options, handlers, terminal)
        : await print(everyKind(options, handlers, sample), handlers, terminal);
    },
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

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}
