import { assertEquals, assertMatch } from "@std/assert";
import { deliver, KEY, PATHS } from "../delivery.ts";
import { startOtlpReceiver } from "./otlp_receiver.ts";
import { startProgram } from "../program.ts";
import { startReceiver } from "../receiver.ts";

function configOf(erpUrl: string): object {
  return {
    endpoints: [{
      path: PATHS.order_approval,
      kind: "ustore.order-approval",
      signatureKeys: [KEY],
      rules: [{ name: "all", when: "true", then: { approve: true } }],
      otherwise: { customConfig: true },
    }, { path: "/events", kind: "events", auth: { type: "none" }, forward: ["erp"] }],
    destinations: {
      erp: { type: "http", url: erpUrl, secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" },
    },
  };
}

Deno.test("with OTEL_DENO each delivery and each attempt to forward is a span that says which", async () => {
  await using collector = startOtlpReceiver();
  await using erp = startReceiver();
  await using program = await startProgram({
    config: configOf(erp.url),
    env: {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_BSP_SCHEDULE_DELAY: "50",
    },
  });

  const headers = {
    "X-Request-Id": "traced-1",
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  };
  assertEquals((await deliver(program, { headers })).status, 200);
  const { attributes, ...span } = await collector.span(`POST ${PATHS.order_approval}`);
  // The trace of the sender goes on.
  assertEquals([span.traceId, span.parentSpanId], [
    "0af7651916cd43dd8448eb211c80319c",
    "b7ad6b7169203331",
  ]);
  assertEquals({
    route: attributes["http.route"],
    status: attributes["http.response.status_code"],
    kind: attributes["storehook.kind"],
    rule: attributes["storehook.rule"],
    requestId: attributes["storehook.request_id"],
    code: attributes["storehook.code"],
  }, {
    route: PATHS.order_approval,
    status: "200",
    kind: "ustore.order-approval",
    rule: "all",
    requestId: "traced-1",
    code: undefined,
  });

  assertEquals((await deliver(program, { target: "/events", key: null })).status, 204);
  const forward = await collector.span("forward erp");
  assertEquals(forward.attributes["storehook.destination"], "erp");
  assertEquals(forward.statusCode, 0);
  // The receiver can go on with the trace: it is told of it in the way of the W3C.
  const [received] = await erp.received(1);
  assertMatch(
    received?.headers.get("traceparent") ?? "",
    new RegExp(`^00-${forward.traceId}-[0-9a-f]{16}-[0-9a-f]{2}$`),
  );
});

Deno.test("with OTEL_DENO a refused delivery is a span with the error's code", async () => {
  await using collector = startOtlpReceiver();
  await using program = await startProgram({
    config: configOf("http://127.0.0.1:9/"),
    env: {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_BSP_SCHEDULE_DELAY: "50",
    },
  });
  assertEquals((await deliver(program, { key: "another-key" })).status, 401);
  const { attributes } = await collector.span(`POST ${PATHS.order_approval}`);
  assertEquals(attributes["storehook.code"], "signature_mismatch");
  assertEquals(attributes["http.response.status_code"], "401");
});
