// SPDX-License-Identifier: Apache-2.0
// Reads a document a line, and says of each what the schema of SARIF 2.1.0 has against it, as a list.
"use strict";
const path = require("path");
const readline = require("readline");

const modules = process.argv[2];
const Ajv = require(path.join(modules, "ajv"));
const ajv = new Ajv({ schemaId: "auto", validateSchema: false, allErrors: true, unknownFormats: "ignore" });
ajv.addMetaSchema(require(path.join(modules, "ajv/lib/refs/json-schema-draft-04.json")));
const validate = ajv.compile(require(path.join(modules, "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json")));

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  validate(JSON.parse(line));
  const errors = (validate.errors || []).map((error) => `${error.dataPath}: ${error.message}`);
  console.log(JSON.stringify(errors.slice(0, 10)));
});
