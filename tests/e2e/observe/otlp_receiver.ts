/** A collector of OpenTelemetry: it takes in traces by OTLP over HTTP, as JSON. */
import * as z from "zod";
import { serveHttp } from "../http_server.ts";
import { createChanges } from "../waits.ts";

/** A span, as far as tests look at it. */
export interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** `""` for the first of a trace. */
  readonly parentSpanId: string;
  /** 2 is an error. */
  readonly statusCode: number;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A collector that runs. */
export interface OtlpReceiver extends AsyncDisposable {
  readonly url: string;
  /** Waits until a span of this name has come. */
  span(name: string): Promise<ReceivedSpan>;
}

const value = z.looseObject({ stringValue: z.string().default("") });
const span = z.object({
  name: z.string(),
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().default(""),
  status: z.object({ code: z.number().default(0) }).prefault({}),
  attributes: z.array(z.object({ key: z.string(), value })),
});
const traces = z.object({
  resourceSpans: z.array(z.object({ scopeSpans: z.array(z.object({ spans: z.array(span) })) })),
});

/** Starts a collector on a free port. */
export function startOtlpReceiver(): OtlpReceiver {
  const spans: ReceivedSpan[] = [];
  const { happened, until } = createChanges();
  const server = serveHttp(async (request) => {
    const body = await request.json();
    if (new URL(request.url).pathname === "/v1/traces") {
      spans.push(...spansOf(body));
      happened();
    }
    return Response.json({});
  });
  return {
    url: server.url,
    async span(name) {
      let found: ReceivedSpan | undefined;
      await until(
        `a span ${name}`,
        () => (found = spans.find((one) => one.name === name)) !== undefined,
        { soFar: () => spans.map((one) => one.name).join(", ") },
      );
      if (found === undefined) throw new Error(`There is no span ${name}`);
      return found;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

function spansOf(body: unknown): readonly ReceivedSpan[] {
  return traces.parse(body).resourceSpans
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap((scope) => scope.spans)
    .map(({ status, attributes, ...rest }) => ({
      ...rest,
      statusCode: status.code,
      attributes: Object.fromEntries(
        attributes.map((attribute) => [attribute.key, attribute.value.stringValue]),
      ),
    }));
}
