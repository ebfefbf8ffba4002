/**
 * Reads a body that nobody needs, so that its connection can be used again, and gives up on one
 * that does not end.
 *
 * @param body The body, if there is one.
 * @param maxBytes After how many bytes to give up.
 * @param signal Gives up when it is aborted.
 * @returns When it is read or cancelled. What goes wrong on the way is nobody's concern.
 */
export async function drain(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  signal: AbortSignal,
): Promise<void> {
  if (body === null) return;
  const reader = body.getReader();
  // Cancelling ends a read that waits.
  const cancel = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener("abort", cancel);
  try {
    let bytes = 0;
    while (bytes <= maxBytes && !signal.aborted) {
      const { done, value } = await reader.read();
      if (done) return;
      bytes += value.length;
    }
    cancel();
  } catch {
    // The status was there before the body: a body that breaks off does not change it.
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}
