/**
 * A durable handler of Restate behind a small check of signatures. Restate has on disk what the
 * handler gets, each of its steps and what it answers, before that is answered.
 * Usage: node restate.js ADMIN_URL INGRESS_URL. Prints its port; ends with its standard input.
 */
import { once } from "node:events";
import { Agent, createServer, request as send } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import process from "node:process";
import { buffer } from "node:stream/consumers";
import { createEndpointHandler, service } from "@restatedev/restate-sdk";
import { decide } from "./decide.js";
import { sign, verify } from "./node_hmac.js";

// The SDK wants it, and Node has it from 22 on.
Promise.withResolvers ??= function () {
  let resolve;
  let reject;
  const promise = new Promise((...both) => [resolve, reject] = both);
  return { promise, resolve, reject };
};

const [, , adminUrl, ingressUrl] = process.argv;

const approvals = service({
  name: "approvals",
  handlers: {
    approve: (_context, { body }) => Promise.resolve(decide(JSON.parse(body))),
  },
});

const handlers = createHttp2Server(createEndpointHandler({ services: [approvals] }));
await once(handlers.listen(0, "127.0.0.1"), "listening");
const registered = await fetch(`${adminUrl}/deployments`, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ uri: `http://127.0.0.1:${handlers.address().port}` }),
});
if (!registered.ok) throw new Error(await registered.text());

const agent = new Agent({ keepAlive: true });

/** Has the handler called, and gives what it answers once that is on disk. */
async function call(headers, body) {
  const sent = send(`${ingressUrl}/approvals/approve`, {
    method: "POST",
    agent,
    headers: { "Content-Type": "application/json" },
  });
  sent.end(JSON.stringify({ headers, body: body.toString() }));
  const [answer] = await once(sent, "response");
  const bytes = await buffer(answer);
  if (answer.statusCode !== 200) throw new Error(bytes.toString());
  return JSON.parse(bytes.toString());
}

const server = createServer(async (request, response) => {
  const body = await buffer(request);
  response.setHeader("Content-Type", "application/json");
  if (!verify(request.headers["x-signature"], body)) {
    response.writeHead(401).end('{"message":"The signature is wrong"}');
    return;
  }
  try {
    const answer = await call(request.headers, body);
    response.writeHead(200, { "X-Signature": sign(answer) }).end(answer);
  } catch {
    response.writeHead(500).end('{"message":"Restate did not answer"}');
  }
});
await once(server.listen(0, "127.0.0.1"), "listening");
console.log(server.address().port);
process.stdin.on("end", () => process.exit()).resume();
