/** What receivers do to those who send them something. */
import { type Behaviour, closeSafely } from "./bad_receiver.ts";

const encoder = new TextEncoder();
const CHUNK = new Uint8Array(65_536).fill(0x61);
/** Between two drops: often enough for a deadline that begins anew with each to never end. */
const DROP_MS = 20;

/**
 * Writes bytes as they stand, and leaves the connection open.
 *
 * @param text The bytes, as text.
 */
export function say(text: string): Behaviour {
  return (connection) => writeAll(connection, encoder.encode(text));
}

/**
 * Answers as HTTP has it, without a body.
 *
 * @param status The status line's number.
 * @param headers Lines of the head.
 */
export function answer(status: number, ...headers: readonly string[]): Behaviour {
  const lines = [`HTTP/1.1 ${status} So it is`, "Content-Length: 0", ...headers];
  return say(`${lines.join("\r\n")}\r\n\r\n`);
}

/**
 * Writes bytes as they stand, and hangs up.
 *
 * @param text The bytes, as text.
 */
export function sayAndHangUp(text: string): Behaviour {
  return async (connection) => {
    await writeAll(connection, encoder.encode(text));
    closeSafely(connection);
  };
}

/** Says nothing until the other side hangs up. */
export async function stall(connection: Deno.TcpConn): Promise<void> {
  while (await connection.read(new Uint8Array(1024)) !== null);
}

/**
 * Writes something, and then a piece of something else now and again, until the other side hangs up.
 *
 * @param head What comes first.
 * @param drop What comes again and again.
 */
export function drip(head: string, drop: string): Behaviour {
  return async (connection) => {
    await writeAll(connection, encoder.encode(head));
    while (true) {
      await writeAll(connection, encoder.encode(drop));
      await new Promise((resolve) => setTimeout(resolve, DROP_MS));
    }
  };
}

/**
 * Writes something, and then without end, until the other side hangs up.
 *
 * @param head What comes first.
 * @param onWritten Told how many bytes the other side let it write.
 */
export function flood(head: string, onWritten: (bytes: number) => void): Behaviour {
  return async (connection) => {
    let written = 0;
    try {
      await writeAll(connection, encoder.encode(head));
      while (true) {
        await writeAll(connection, CHUNK);
        written += CHUNK.length;
      }
    } finally {
      onWritten(written);
    }
  };
}

async function writeAll(connection: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}
