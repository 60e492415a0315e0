// SPDX-License-Identifier: Apache-2.0

// Says of each Dockerfile that is named what BuildKit's own parser makes of it: a line "FILE path",
// then for each instruction its line, name, and how many heredocs and flags it has, and whether it
// is in JSON form; or "ERR".
package main

import (
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

func tell(path string) {
	file, err := os.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	fmt.Println("FILE " + path)
	result, err := parser.Parse(file)
	if err != nil {
		fmt.Println("ERR")
		return
	}
	for _, node := range result.AST.Children {
		name := strings.ToUpper(node.Value)
		fmt.Println(node.StartLine, name, len(node.Heredocs), len(node.Flags), node.Attributes["json"])
	}
}

func main() {
	for _, path := range os.Args[1:] {
		tell(path)
	}
}
