import { assertEquals } from "@std/assert";
import { createHttpDestination } from "../../../lib/forward/http_destination.ts";
import { attemptOf, failedAt, noAnswer, SECRET, settings } from "./http_samples.ts";
import { withRawReceiver, withReceiver } from "./receiver.ts";
import { bytesOf, forwardOf, storedEvent } from "./samples.ts";

Deno.test("createHttpDestination() gives up on a receiver that does not answer", async () => {
  const gone = Promise.withResolvers<void>();
  const stall = (_: unknown, raw: Request) => {
    raw.signal.addEventListener("abort", () => gone.resolve());
    return gone.promise.then(() => new Response());
  };
  await withReceiver(stall, async ({ url, host }) => {
    const destination = createHttpDestination(settings(url, { timeoutMs: 50 }));
    assertEquals(await attemptOf(destination), noAnswer(`${host} gave no answer within 50 ms`));
    await gone.promise;
  });
});

Deno.test("createHttpDestination() stops when nobody waits any more", async () => {
  const gone = Promise.withResolvers<void>();
  const stall = (_: unknown, raw: Request) => {
    raw.signal.addEventListener("abort", () => gone.resolve());
    return gone.promise.then(() => new Response());
  };
  await withReceiver(stall, async ({ url, requests }) => {
    const caller = new AbortController();
    const destination = createHttpDestination(settings(url));
    const attempt = destination.attempt(forwardOf(storedEvent()), caller.signal);
    await requests.next();
    caller.abort();
    assertEquals((await attempt).delivered, false);
    await gone.promise;
  });
});

Deno.test("createHttpDestination() stops reading an answer that does not end", async () => {
  for (const status of [200, 500]) {
    const cancelled = Promise.withResolvers<void>();
    const endless = () =>
      new ReadableStream<Uint8Array>({
        pull: (controller) => controller.enqueue(new Uint8Array(16_384)),
        cancel: () => cancelled.resolve(),
      });
    await withReceiver(() => new Response(endless(), { status }), async ({ url, host }) => {
      const result = await attemptOf(createHttpDestination(settings(url)));
      assertEquals(result, status === 200 ? { delivered: true, status } : failedAt(host, status));
      await cancelled.promise;
    });
  }
});

Deno.test("createHttpDestination() does not wait for an answer's body for ever", async () => {
  const silent = () => new Response(new ReadableStream({}), { status: 202 });
  await withReceiver(silent, async ({ url }) => {
    const destination = createHttpDestination(settings(url, { timeoutMs: 50 }));
    assertEquals(await attemptOf(destination), { delivered: true, status: 202 });
  });
});

Deno.test("createHttpDestination() goes by the status of an answer that lies about its length", async () => {
  await withRawReceiver("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nok", async (host) => {
    const destination = createHttpDestination(settings(`http://${host}/`));
    assertEquals(await attemptOf(destination), { delivered: true, status: 200 });
  });
  await withRawReceiver("HTTP/1.1 500 No\r\nContent-Length: 1\r\n\r\nfar more", async (host) => {
    const destination = createHttpDestination(settings(`http://${host}/`));
    assertEquals(await attemptOf(destination), failedAt(host, 500));
  });
});

Deno.test("createHttpDestination() tells a broken connection without the URL and the event", async () => {
  const event = storedEvent({ payload: bytesOf('{"email":"shopper@example.com"}') });
  const sendTo = (host: string) =>
    attemptOf(
      createHttpDestination(
        settings(`http://user:password@${host}/hooks?token=T0K3N`, { secret: SECRET }),
      ),
      event,
    );
  await withRawReceiver("", async (host) => {
    const error = `Cannot reach ${host}: it closed the connection without an answer`;
    assertEquals(await sendTo(host), noAnswer(error));
  });
  await withRawReceiver("SSH-2.0-OpenSSH_9.6\r\n\r\n", async (host) => {
    assertEquals(await sendTo(host), noAnswer(`Cannot reach ${host}: it does not answer in HTTP`));
  });
  let freeHost = "";
  await withRawReceiver("", (host) => {
    freeHost = host;
    return Promise.resolve();
  });
  const error = `Cannot reach ${freeHost}: it refuses the connection`;
  assertEquals(await sendTo(freeHost), noAnswer(error));
});
