import * as z from "zod";
import type { Handler } from "../../../handlers/handler.ts";
import { readSource } from "../../config/source.ts";
import type { SampleConfig } from "../config/init.ts";

/** A config with an endpoint of every kind. */
export interface DemoConfig {
  readonly text: string;
  /** The keys by kind. */
  readonly keys: ReadonlyMap<string, string>;
}

const sampleShape = z.looseObject({ endpoints: z.array(z.looseObject({ kind: z.string() })) });

/**
 * Makes the config of the demo: the sample, and an endpoint of each kind that it lacks.
 *
 * @param handlers The kinds.
 * @param sample Writes the sample.
 * @returns The config, with fresh keys.
 */
export function demoConfig(handlers: readonly Handler[], sample: SampleConfig): DemoConfig {
  // The endpoints of the sample are those of one store.
  const storeKey = crypto.randomUUID();
  const config = sampleShape.parse(readSource(sample(() => storeKey)).value);
  const keys = new Map<string, string>(config.endpoints.map(({ kind }) => [kind, storeKey]));
  const added = handlers.filter(({ kind }) => !keys.has(kind)).map(({ kind, sample }) => {
    const key = sample.sender.newKey();
    keys.set(kind, key);
    return { path: `/${kind.replace(".", "/")}`, kind, ...sample.sender.settings(key) };
  });
  const endpoints = [...config.endpoints, ...added];
  return { text: JSON.stringify({ ...config, endpoints }), keys };
}
