/** `Deno.serve` and nothing else: the limit on this runtime. Prints its port. */
import { decide } from "./decide.js";
import { sign, verify } from "./web_hmac.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(port) },
  async (request) => {
    const body = await request.arrayBuffer();
    if (!await verify(request.headers.get("X-Signature") ?? "", body)) {
      return Response.json({ message: "The signature is wrong" }, { status: 401 });
    }
    const answer = encoder.encode(decide(JSON.parse(decoder.decode(body))));
    return new Response(answer, {
      headers: { "Content-Type": "application/json", "X-Signature": await sign(answer) },
    });
  },
);
