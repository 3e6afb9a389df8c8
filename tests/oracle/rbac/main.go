// Upstream's own RBAC as a judge of ours.
//
//	rbac random SEED CLUSTERS REQUESTS   clusters made from a seed, a line each: roles and bindings, requests, and for each
//	                                     what the authorizer says and, for some, whom the subject locator names
//	rbac covers SEED COUNT               pairs of rule lists made from a seed, with what Covers says of them
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/component-helpers/auth/rbac/validation"
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
	numbers := make([]uint64, 0, len(args))
	for _, arg := range args[min(1, len(args)):] {
		number, err := strconv.ParseUint(arg, 10, 64)
		if err != nil {
			return err
		}
		numbers = append(numbers, number)
	}
	switch {
	case len(numbers) == 3 && args[0] == "random":
		for at := range numbers[1] {
			judged, err := judge(newDice(numbers[0], at), int(numbers[2]))
			if err != nil {
				return err
			}
			if err := out.Encode(judged); err != nil {
				return err
			}
		}
		return nil
	case len(numbers) == 2 && args[0] == "covers":
		for at := range numbers[1] {
			if err := out.Encode(covers(newDice(numbers[0], at))); err != nil {
				return err
			}
		}
		return nil
	default:
		return errors.New("rbac random SEED CLUSTERS REQUESTS, or rbac covers SEED COUNT")
	}
}

type covered struct {
	Owner     rbacv1.ClusterRole `json:"owner"`
	Servant   rbacv1.ClusterRole `json:"servant"`
	Covers    bool               `json:"covers"`
	Uncovered int                `json:"uncovered"`
}

func covers(d *dice) covered {
	var c covered
	c.Owner = clusterRole("owner", d.rules(true))
	c.Servant = clusterRole("servant", d.rules(true))
	if d.rarely() {
		// what somebody holds, cut down: often covered
		c.Servant.Rules = d.part(c.Owner.Rules)
	}
	ok, rest := validation.Covers(c.Owner.Rules, c.Servant.Rules)
	c.Covers, c.Uncovered = ok, len(rest)
	return c
}
