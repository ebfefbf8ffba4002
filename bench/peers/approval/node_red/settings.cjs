/**
 * Node-RED without an editor: what is measured is its flow. Its port, its folder and the file that it
 * appends to come in the environment.
 */
const crypto = require("node:crypto");
const fs = require("node:fs");

module.exports = {
  uiHost: "127.0.0.1",
  uiPort: Number(process.env.PORT),
  userDir: process.env.FOLDER,
  flowFile: `${__dirname}/flows.json`,
  httpAdminRoot: false,
  telemetry: { enabled: false },
  diagnostics: { enabled: false },
  logging: { console: { level: "warn", metrics: false, audit: false } },
  functionGlobalContext: {
    crypto,
    fs,
    kept: fs.openSync(process.env.KEPT, "a"),
    key: "measured-with-this-key",
  },
};
