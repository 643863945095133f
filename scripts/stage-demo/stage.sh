#!/bin/bash
# Stages the incident of the demo with real programs and keeps what they wrote. Root, Debian 12, see README.md.
#
#   stage.sh WORK      WORK: an empty folder outside of any repository; needs WORK/kubernetes/bin from build-kubernetes.sh
#
# Leaves the files as collected in WORK/collected and the demo's evidence in WORK/evidence. Changes nothing outside of WORK but the kernel's audit state, network
# namespaces named stage-* and cgroups below kubepods, and undoes these at the end. Takes about six minutes.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=$(mkdir -p "$1" && cd "$1" && pwd)
bin=$work/kubernetes/bin
pki=$work/pki
zone=America/Los_Angeles
holder=
started=()

source "$here/network.sh"
source "$here/pki.sh"
source "$here/image.sh"
source "$here/plane.sh"
source "$here/node.sh"
source "$here/people.sh"
source "$here/collect.sh"

say() {
  printf '%s %s\n' "$(date -u +%T)" "$*" >&2
}

remember() {
  started+=("$1")
}

# wait_for COMMAND…: a minute at most.
wait_for() {
  for _ in $(seq 120); do
    if "$@" >/dev/null 2>&1; then return 0; fi
    sleep 0.5
  done
  say "gave up waiting for: $*"
  return 1
}

clean_up() {
  set +e
  stop_containers
  auditctl -e 0 >/dev/null
  auditctl -D >/dev/null
  # Last started, first ended.
  local index
  for ((index = ${#started[@]} - 1; index >= 0; index--)); do
    kill "${started[index]}"
  done 2>/dev/null
  wait
  umount -l "$work/node"
  rm -rf "$work/node.disk"
  find /sys/fs/cgroup -depth -type d -path '*/kubepods*' -exec rmdir {} + 2>/dev/null
  remove_network
}
trap clean_up EXIT

admin() {
  in_plane kubectl --kubeconfig "$pki/admin.conf" "$@"
}

rm -rf "$work"/{pki,plane,image,collected,node.disk}
say 'network, certificates, image'
remove_network
make_network
make_credentials
make_image
say 'node-1'
make_node
start_logging
say 'control plane'
start_plane
start_kubelet
wait_for admin get node node-1
wait_for admin -n default get serviceaccount default
say 'workload'
admin apply -f "$here/shop.yaml"
wait_for admin -n shop wait --for=condition=Available --timeout=5s deployment/web
fill_audit_log
evening=$(date -u +%FT%TZ)
say 'a quiet evening'
alice_works
rotate_logs
sleep 62
alice_works
rotate_logs
bring_files
say 'the intruder'
intruder_breaks_in
sleep 30
say 'collecting'
collect
say 'arranging'
arrange
