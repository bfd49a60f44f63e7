//go:build tools

// Package tools keeps the command below, and with it every pinned version, in go.mod. Only old releases of the SDK's module
// hold the Python host: v3.139.0 has it no more (see docs/doors.md, "Python").
package tools

import _ "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python"
