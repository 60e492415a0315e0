// SPDX-License-Identifier: Apache-2.0
// A Makefile as a tree: rules, recipes, variables, as they are written; nothing is expanded. Of
// conditionals all branches are taken. Pure; any thread; never fails.
#pragma once

#include "documents/tree.hpp"

#include <string>

namespace deployctl::documents {

/// The root is a map:
///   targets: {deploy: {needs: [test], recipe: ["kubectl apply -f k8s"], help: "..."}}
///   phony: [deploy]
///   special: [.ONESHELL]           # of the other targets with a dot in front
///   variables: {SHELL: /bin/bash}  # the last assignment
///   includes: [more.mk]
///   computed: [...]                # rules whose target's name is an expression or a pattern
/// Continued lines of a recipe are joined; `@`, `-` and `+` in front stay.
Tree read_makefile(std::string text);

}  // namespace deployctl::documents
