/**
 * Fastify with better-sqlite3, which has on disk what it answers. Usage: fastify_sqlite.js FILE.
 * Prints its port; ends with its standard input.
 */
import process from "node:process";
import fastify from "fastify";
import { decide } from "./decide.js";
import { openKeeper } from "./keep_sqlite.js";
import { sign, verify } from "./node_hmac.js";

const keep = openKeeper(`${process.argv[2]}-fastify.db`);
const app = fastify({ bodyLimit: 6_291_456 });

app.addContentTypeParser(
  "application/json",
  { parseAs: "buffer" },
  (_request, body, done) => done(null, body),
);

app.post("/*", (request, reply) => {
  if (!verify(request.headers["x-signature"], request.body)) {
    return reply.code(401).send({ message: "The signature is wrong" });
  }
  const answer = decide(JSON.parse(request.body.toString()));
  keep(request, request.body, answer);
  return reply.header("X-Signature", sign(answer)).type("application/json").send(answer);
});

await app.listen({ host: "127.0.0.1", port: 0 });
console.log(app.server.address().port);
process.stdin.on("end", () => process.exit()).resume();
