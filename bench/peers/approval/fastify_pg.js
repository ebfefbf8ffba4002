/**
 * Fastify with pg: one insert a delivery, committed before it is answered. Usage: fastify_pg.js URL.
 * Prints its port; ends with its standard input.
 */
import { Buffer } from "node:buffer";
import process from "node:process";
import fastify from "fastify";
import pg from "pg";
import { decide } from "./decide.js";
import { sign, verify } from "./node_hmac.js";
import { CREATION, INSERTION, POOL_SIZE } from "./pg_table.js";

const pool = new pg.Pool({ connectionString: process.argv[2], max: POOL_SIZE });
await pool.query(CREATION);
const app = fastify({ bodyLimit: 6_291_456 });

app.addContentTypeParser(
  "application/json",
  { parseAs: "buffer" },
  (_request, body, done) => done(null, body),
);

app.post("/*", async (request, reply) => {
  if (!verify(request.headers["x-signature"], request.body)) {
    return reply.code(401).send({ message: "The signature is wrong" });
  }
  const answer = decide(JSON.parse(request.body.toString()));
  await pool.query({
    ...INSERTION,
    values: [
      crypto.randomUUID(),
      Date.now(),
      200,
      JSON.stringify(request.headers),
      request.body,
      Buffer.from(answer),
    ],
  });
  return reply.header("X-Signature", sign(answer)).type("application/json").send(answer);
});

await app.listen({ host: "127.0.0.1", port: 0 });
console.log(app.server.address().port);
process.stdin.on("end", () => process.exit()).resume();
