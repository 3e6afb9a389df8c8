// Command control-plane holds every program that the tests need from Kubernetes in one executable: etcd, kube-apiserver,
// kube-controller-manager, kube-scheduler, kubectl and kwok, which plays the nodes. It becomes the one that its own file
// name says, so a directory of links to it serves as KUBEBUILDER_ASSETS; "control-plane NAME ARGUMENTS" does the same.
//
// It holds nothing but this choice: who starts what, with which flags, is decided in harness/*.rs.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.etcd.io/etcd/pkg/v3/flags"
	"go.etcd.io/etcd/server/v3/embed"
	"k8s.io/component-base/cli"
	kubectl "k8s.io/kubectl/pkg/cmd"
	kubectlerrors "k8s.io/kubectl/pkg/cmd/util"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kwokconfig "sigs.k8s.io/kwok/pkg/config"
	kwok "sigs.k8s.io/kwok/pkg/kwok/cmd"
	kwoklog "sigs.k8s.io/kwok/pkg/log"
	kwoksignals "sigs.k8s.io/kwok/pkg/utils/signals"
)

var programs = map[string]func() error{
	"etcd":                    runEtcd,
	"kube-apiserver":          component(apiserver.NewAPIServerCommand),
	"kube-controller-manager": component(controllers.NewControllerManagerCommand),
	"kube-scheduler":          component(func() *cobra.Command { return scheduler.NewSchedulerCommand() }),
	"kubectl":                 runKubectl,
	"kwok":                    runKwok,
}

func main() {
	run, known := programs[filepath.Base(os.Args[0])]
	if !known && len(os.Args) > 1 {
		// Every program below reads os.Args itself: the first argument takes the place of the file name.
		os.Args = os.Args[1:]
		run, known = programs[filepath.Base(os.Args[0])]
	}
	if !known {
		fmt.Fprintln(os.Stderr, "control-plane: name one of etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kubectl, kwok")
		os.Exit(2)
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func component(command func() *cobra.Command) func() error {
	return func() error { os.Exit(cli.Run(command())); return nil }
}

func runKubectl() error {
	if err := cli.RunNoErrOutput(kubectl.NewDefaultKubectlCommand()); err != nil {
		kubectlerrors.CheckErr(err) // prints what kubectl prints, and exits with its status
	}
	return nil
}

// runEtcd starts one member. Flags of URLs are read back from the flag set: etcd's own main does that copy, AddFlags does not.
func runEtcd() error {
	config, set := embed.NewConfig(), flag.NewFlagSet("etcd", flag.ExitOnError)
	config.WarningUnaryRequestDuration = embed.DefaultWarningUnaryRequestDuration // else it logs every request as a slow one
	config.AddFlags(set)
	if err := set.Parse(os.Args[1:]); err != nil {
		return err
	}
	config.ListenClientUrls = flags.UniqueURLsFromFlag(set, "listen-client-urls")
	config.AdvertiseClientUrls = flags.UniqueURLsFromFlag(set, "advertise-client-urls")
	config.ListenPeerUrls = flags.UniqueURLsFromFlag(set, "listen-peer-urls")
	config.AdvertisePeerUrls = config.ListenPeerUrls
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	member, err := embed.StartEtcd(config)
	if err != nil {
		return err
	}
	return <-member.Err()
}

// runKwok reads --config ahead of the command, as kwok does: its stages are needed to build the command.
func runKwok() error {
	// Cobra merges this set into every command, and the servers have put a --version into it that is not the boolean it expects.
	pflag.CommandLine = pflag.NewFlagSet("kwok", pflag.ContinueOnError)
	early := pflag.NewFlagSet("kwok", pflag.ContinueOnError)
	early.ParseErrorsAllowlist.UnknownFlags = true
	early.Usage = func() {}
	ctx, _ := kwoklog.InitFlags(kwoksignals.SetupSignalContext(), early)
	ctx, err := kwokconfig.InitFlags(ctx, early)
	if err != nil {
		return err
	}
	command := kwok.NewCommand(ctx)
	command.PersistentFlags().AddFlagSet(early)
	return command.ExecuteContext(ctx)
}
