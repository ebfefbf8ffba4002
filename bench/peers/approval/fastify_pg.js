/**
 * Fastify with pg: one insert a delivery, committed before it is answered. Usage: fastify_pg.js URL.
 * Prints its port; ends with its standard input.
 */
import process from "node:process";
import fastify from "fastify";
import pg from "pg";
import { decide } from "./decide.js";
import { sign, verify } from "./node_hmac.js";

const pool = new pg.Pool({ connectionString: process.argv[2], max: 10 });
await pool.query(`CREATE TABLE IF NOT EXISTS plain_deliveries (
  id text PRIMARY KEY, received_at bigint, status int, headers text, body bytea, answer text)`);
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
    name: "keep",
    text: "INSERT INTO plain_deliveries VALUES ($1, $2, $3, $4, $5, $6)",
    values: [
      crypto.randomUUID(),
      Date.now(),
      200,
      JSON.stringify(request.headers),
      request.body,
      answer,
    ],
  });
  return reply.header("X-Signature", sign(answer)).type("application/json").send(answer);
});

await app.listen({ host: "127.0.0.1", port: 0 });
console.log(app.server.address().port);
process.stdin.on("end", () => process.exit()).resume();
