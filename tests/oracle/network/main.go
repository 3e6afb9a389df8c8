// Upstream's own selectors and defaults as a judge of ours.
//
//	network selectors SEED COUNT   label selectors made from a seed, a line each, with labels and whether they are selected
//	network policies SEED COUNT    NetworkPolicies as manifests write them, and as the API server reads them after defaulting
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
)

func main() {
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	err := run(os.Args[1:], encoder)
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string, out *json.Encoder) error {
	if len(args) != 3 {
		return errors.New("network selectors|policies SEED COUNT")
	}
	seed, err := strconv.ParseUint(args[1], 10, 64)
	if err != nil {
		return err
	}
	count, err := strconv.ParseUint(args[2], 10, 64)
	if err != nil {
		return err
	}
	for at := range count {
		d := newDice(seed, at)
		var line any
		switch args[0] {
		case "selectors":
			line = d.selected()
		case "policies":
			line = d.defaulted()
		default:
			return errors.New("network selectors|policies SEED COUNT")
		}
		if err := out.Encode(line); err != nil {
			return err
		}
	}
	return nil
}
