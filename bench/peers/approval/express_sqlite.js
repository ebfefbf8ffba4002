/**
 * Express with better-sqlite3, which has on disk what it answers. Usage: express_sqlite.js FILE.
 * Prints its port; ends with its standard input.
 */
import process from "node:process";
import express from "express";
import { decide } from "./decide.js";
import { openKeeper } from "./keep_sqlite.js";
import { sign, verify } from "./node_hmac.js";

const keep = openKeeper(`${process.argv[2]}-express.db`);
const app = express();

app.post("/*any", express.raw({ type: "application/json", limit: "6mb" }), (request, response) => {
  if (!verify(request.headers["x-signature"], request.body)) {
    response.status(401).json({ message: "The signature is wrong" });
    return;
  }
  const answer = decide(JSON.parse(request.body.toString()));
  keep(request, request.body, answer);
  response.set("X-Signature", sign(answer)).type("application/json").send(answer);
});

const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit()).resume();
