/**
 * Takes in webhooks as the pages of Express and of `standardwebhooks` show it: verified, parsed, and
 * kept in SQLite, a row each, synced before the answer; or kept nowhere.
 * Usage: node express.js SECRET [FILE]. Prints its port; ends with its standard input.
 */
import process from "node:process";
import express from "express";
import { Webhook } from "standardwebhooks";
import { openKeeper } from "./approval/keep_sqlite.js";

const [, , secret = "", file] = process.argv;
const webhook = new Webhook(secret);
const keep = file === undefined ? () => {} : openKeeper(`${file}.db`);
const app = express();

app.post(
  "/events",
  express.raw({ type: "application/json", limit: "6mb" }),
  (request, response) => {
    try {
      webhook.verify(request.body, request.headers);
      JSON.parse(request.body.toString());
    } catch {
      response.status(401).end();
      return;
    }
    keep(request, request.body, "");
    response.status(204).end();
  },
);

const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit()).resume();
