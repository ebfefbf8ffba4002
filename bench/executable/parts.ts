/**
 * The smallest server made of what Storehook is made of: a schema, a rule, and a thread with an
 * open database.
 */
import { Environment } from "@marcbachmann/cel-js";
import * as z from "zod";

const thread = new Worker(new URL("./parts_thread.ts", import.meta.url), { type: "module" });
const opened = Promise.withResolvers<void>();
thread.onmessage = () => opened.resolve();

const settings = z.strictObject({ hostname: z.string().default("127.0.0.1") }).parse({});
new Environment({ unlistedVariablesAreDyn: false }).registerVariable("total", "double")
  .parse("total > 500.0").check();
await opened.promise;

Deno.serve(
  {
    hostname: settings.hostname,
    port: 0,
    onListen: ({ port }) => console.log(`http://127.0.0.1:${port}`),
  },
  () => new Response("hello"),
);
