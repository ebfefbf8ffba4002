/** Hono on Deno, as its pages show it. Prints its port. */
import { Hono } from "hono";
import { decide } from "./decide.js";
import { sign, verify } from "./web_hmac.js";

const app = new Hono();
const encoder = new TextEncoder();
const decoder = new TextDecoder();

app.post("/*", async (context) => {
  const body = await context.req.arrayBuffer();
  if (!await verify(context.req.header("X-Signature") ?? "", body)) {
    return context.json({ message: "The signature is wrong" }, 401);
  }
  const answer = encoder.encode(decide(JSON.parse(decoder.decode(body))));
  return context.body(answer, 200, {
    "Content-Type": "application/json",
    "X-Signature": await sign(answer),
  });
});

Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(port) },
  app.fetch,
);
