/**
 * Traces by Deno's built-in OpenTelemetry, which `OTEL_DENO=true` switches on. Deno makes a span of
 * each request and of each `fetch` by itself; here they get their names and what they are about.
 */

/** What a span is about: short texts and numbers, nothing secret. */
export type Attributes = Readonly<Record<string, string | number>>;

/** The part of a span of OpenTelemetry that is used. */
interface Span {
  updateName(name: string): void;
  setAttribute(name: string, value: string | number): void;
  setStatus(status: { readonly code: number; readonly message: string }): void;
  end(): void;
}

/** The part of a tracer of OpenTelemetry that is used. */
interface Tracer {
  startActiveSpan<Result>(
    name: string,
    options: { readonly attributes: Attributes },
    run: (span: Span) => Result,
  ): Result;
}

/** Under which key OpenTelemetry's JavaScript API keeps the span of what runs now. */
const SPAN_KEY = Symbol.for("OpenTelemetry Context Key SPAN");

/**
 * Whether traces are made. Deno leaves its providers there, for OpenTelemetry's JavaScript API, when
 * they are switched on.
 */
export const isTracing: boolean = Symbol.for("opentelemetry.js.api.1") in globalThis;

const STATUS_ERROR = 2;

/**
 * Names the span of the request that is being answered. Without tracing this costs a comparison.
 *
 * @param name Its name, e.g. `POST /ustore/order-approval`: the path as configured, so that there
 * are few of them.
 * @param describe Gives what it is about.
 *
 * @example
 * ```ts
 * nameRequest("POST /orders", () => ({ "http.route": "/orders" }));
 * ```
 */
export function nameRequest(name: string, describe: () => Attributes): void {
  if (!isTracing) return;
  const span: Span | undefined = Deno.telemetry.contextManager.active()?.getValue(SPAN_KEY);
  if (span === undefined) return;
  span.updateName(name);
  for (const [attribute, value] of Object.entries(describe())) span.setAttribute(attribute, value);
}

/**
 * Runs work within a span of its own.
 *
 * @param name The span's name.
 * @param attributes What it is about.
 * @param run The work; what it fetches becomes a part of the span.
 * @param failureOf Says what went wrong by the result, in words without secrets; `undefined` when
 * nothing did.
 * @returns What the work gives.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await inSpan("add", {}, () => Promise.resolve(1 + 1), () => undefined), 2);
 * ```
 */
export function inSpan<Result>(
  name: string,
  attributes: Attributes,
  run: () => Promise<Result>,
  failureOf: (result: Result) => string | undefined,
): Promise<Result> {
  if (!isTracing) return run();
  const tracer: Tracer = Deno.telemetry.tracerProvider.getTracer("storehook");
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      const result = await run();
      const failure = failureOf(result);
      if (failure !== undefined) span.setStatus({ code: STATUS_ERROR, message: failure });
      return result;
    } finally {
      span.end();
    }
  });
}
