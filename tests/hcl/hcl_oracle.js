// SPDX-License-Identifier: Apache-2.0
// For hcl_test.py: a JSON text a line on standard input, to {"value"} or {"error"} a line, by hcl2json.
const fs = require("fs");
const { parse } = require(process.argv[2]);

async function main() {
    const lines = fs.readFileSync(0, "utf8").split("\n").filter((line) => line !== "");
    for (const line of lines) {
        try {
            console.log(JSON.stringify({ value: await parse("main.tf", JSON.parse(line)) }));
        } catch (error) {
            console.log(JSON.stringify({ error: String(error) }));
        }
    }
}

main();
