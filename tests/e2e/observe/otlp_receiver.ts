/** A collector of OpenTelemetry: it takes in traces by OTLP over HTTP, as JSON. */
import * as z from "zod";

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
  let arrived = Promise.withResolvers<void>();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const body = await request.json();
      if (new URL(request.url).pathname === "/v1/traces") {
        spans.push(...spansOf(body));
        arrived.resolve();
        arrived = Promise.withResolvers();
      }
      return Response.json({});
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    async span(name) {
      for (;;) {
        const found = spans.find((one) => one.name === name);
        if (found !== undefined) return found;
        await arrived.promise;
      }
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
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
