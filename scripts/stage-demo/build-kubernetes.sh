#!/bin/bash
# Builds the programs of a Kubernetes node from the Go module k8s.io/kubernetes, which has no `go install` of its own:
# its staging modules stand in replace directives, and those count only in the main module. So this writes one.
#
#   build-kubernetes.sh FOLDER      leaves kube-apiserver, kube-controller-manager, kube-scheduler and kubelet in FOLDER/bin
#
# Needs Go (any that can fetch the toolchain the module asks for), the Go module proxy, 4 GB of memory and some minutes.
set -euo pipefail

version=${KUBERNETES_VERSION:-1.34.4}
folder=$1
mkdir -p "$folder/bin" "$folder/source"
cd "$folder/source"

module_root() {
  go mod download -json "k8s.io/kubernetes@v$version" | sed -n 's/^\t"Dir": "\(.*\)",*$/\1/p'
}

# The packages of staging/ are published as v0.<minor>.<patch>.
write_module() {
  local root=$1
  sed -e 's|^module .*|module stage.demo/kubernetes|' \
    -e "s|^\(\tk8s.io/[a-z-]*\) => ./staging/.*|\1 => \1 v0.${version#1.}|" "$root/go.mod" >go.mod
  cat "$root/go.sum" >go.sum
  go mod edit -require="k8s.io/kubernetes@v$version"
}

# What cmd/<name>/<name>.go does, in the words of its app package.
write_main() {
  local name=$1 constructor=$2 context=${3:-}
  mkdir -p "$name"
  cat >"$name/main.go" <<GO
package main

import (
	${context:+\"context\"}
	"os"

	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	"k8s.io/kubernetes/cmd/$name/app"
)

func main() {
	os.Exit(cli.Run(app.$constructor(${context:+context.Background()})))
}
GO
}

write_module "$(module_root)"
write_main kube-apiserver NewAPIServerCommand
write_main kube-controller-manager NewControllerManagerCommand
write_main kube-scheduler NewSchedulerCommand
write_main kubelet NewKubeletCommand context
stamp="-X k8s.io/component-base/version.gitVersion=v$version -X k8s.io/client-go/pkg/version.gitVersion=v$version"
GOFLAGS="-mod=mod -p=2" go build -ldflags "-s -w $stamp" -o "$folder/bin/" ./...
