/** Express on Node, as its pages show it. Prints its port; ends with its standard input. */
import process from "node:process";
import express from "express";
import { decide } from "./decide.js";
import { sign, verify } from "./node_hmac.js";

const app = express();

app.post(
  "/{*path}",
  express.raw({ type: "application/json", limit: "6mb" }),
  (request, response) => {
    if (!verify(request.get("X-Signature"), request.body)) {
      response.status(401).json({ message: "The signature is wrong" });
      return;
    }
    const answer = decide(JSON.parse(request.body.toString()));
    response.set("X-Signature", sign(answer)).type("application/json").send(answer);
  },
);

const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit()).resume();
