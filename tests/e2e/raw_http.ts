/** HTTP by hand over a socket, for clients that no library would be. */
import { concat } from "@std/bytes/concat";
import { DEADLINE_MS } from "./waits.ts";

/** An answer, as it came over the wire. */
export interface RawResponse {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
  /** The body as text. */
  readonly text: string;
}

/** A connection to a server. */
export interface RawConnection extends Disposable {
  /** Sends texts, as UTF-8, and bytes. A server that no longer listens is no failure. */
  send(...parts: readonly (string | Uint8Array)[]): Promise<void>;
  /** Says that nothing more will be sent. */
  closeWrite(): Promise<void>;
  /**
   * Reads one response.
   *
   * @param to The method of the request: the answer to a `HEAD` has no body.
   */
  response(to?: string): Promise<RawResponse>;
  /** Reads what comes until the server closes. */
  rest(): Promise<string>;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Connects to a server on this machine.
 *
 * @param server Its port.
 */
export async function connect({ port }: { readonly port: number }): Promise<RawConnection> {
  const socket = await Deno.connect({ hostname: "127.0.0.1", port });
  let isOpen = true;
  const close = () => {
    if (isOpen) socket.close();
    isOpen = false;
  };
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    close();
  }, DEADLINE_MS);
  let buffered = new Uint8Array(0);

  /** Reads more, and says whether there was any. */
  async function more(): Promise<boolean> {
    const chunk = new Uint8Array(65_536);
    const count = await socket.read(chunk).catch((error: unknown) => {
      if (isLate) {
        const found = JSON.stringify(decoder.decode(buffered));
        throw new Error(`Waited ${DEADLINE_MS} ms in vain for an answer; so far came: ${found}`);
      }
      if (error instanceof Deno.errors.ConnectionReset) return null;
      throw error;
    });
    if (count === null) return false;
    buffered = concat([buffered, chunk.subarray(0, count)]);
    return true;
  }

  async function readHead(): Promise<string> {
    const end = decoder.decode(buffered).indexOf("\r\n\r\n");
    if (end === -1) {
      if (await more()) return readHead();
      throw new Error(`Cannot read a response: found ${JSON.stringify(decoder.decode(buffered))}`);
    }
    const head = decoder.decode(buffered).slice(0, end);
    buffered = buffered.slice(encoder.encode(head).length + 4);
    return head;
  }

  async function readBytes(length: number): Promise<Uint8Array<ArrayBuffer>> {
    if (buffered.length < length) {
      if (await more()) return readBytes(length);
      throw new Error(`Cannot read a response: ${length - buffered.length} bytes are missing`);
    }
    const bytes = buffered.slice(0, length);
    buffered = buffered.slice(length);
    return bytes;
  }

  return {
    async send(...parts) {
      try {
        await writeAll(socket, concat(parts.map((part) => toBytes(part))));
      } catch (error) {
        const isGone = error instanceof Deno.errors.BrokenPipe ||
          error instanceof Deno.errors.ConnectionReset;
        if (!isGone) throw error;
      }
    },
    closeWrite: () => socket.closeWrite(),
    async response(to = "POST") {
      const [statusLine = "", ...lines] = (await readHead()).split("\r\n");
      const headers = Object.fromEntries(lines.map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }));
      const length = to === "HEAD" ? 0 : Number(headers["content-length"] ?? 0);
      const body = await readBytes(length);
      const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(statusLine)?.[1]);
      return { status, headers, body, text: decoder.decode(body) };
    },
    async rest() {
      while (await more());
      return decoder.decode(buffered);
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      close();
    },
  };
}

/**
 * The bytes of a text, and bytes as they are.
 *
 * @param part A text, which is encoded as UTF-8, or bytes.
 */
export function toBytes(part: string | Uint8Array): Uint8Array {
  return typeof part === "string" ? encoder.encode(part) : part;
}

async function writeAll(socket: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  const written = await socket.write(bytes);
  if (written < bytes.length) await writeAll(socket, bytes.subarray(written));
}
