//go:build tools

// Package tools keeps the command below, and with it every pinned version, in go.mod.
package tools

import _ "github.com/rhysd/actionlint/cmd/actionlint"
