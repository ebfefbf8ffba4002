import { decide } from "./decide.js";
import { sign, verify } from "./web_hmac.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Serves by hand, and has each delivery kept before it is answered. Prints its port. */
export function serveKept(keep) {
  Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(port) },
    async (request) => {
      const body = new Uint8Array(await request.arrayBuffer());
      if (!await verify(request.headers.get("X-Signature") ?? "", body)) {
        return Response.json({ message: "The signature is wrong" }, { status: 401 });
      }
      const answer = encoder.encode(decide(JSON.parse(decoder.decode(body))));
      await keep({
        id: crypto.randomUUID(),
        receivedAt: Date.now(),
        status: 200,
        headers: JSON.stringify([...request.headers]),
        body,
        answer,
      });
      return new Response(answer, {
        headers: { "Content-Type": "application/json", "X-Signature": await sign(answer) },
      });
    },
  );
}
