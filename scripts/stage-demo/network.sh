# Three network namespaces with addresses for documentation (RFC 5737): sourced by stage.sh.
#
#   outside  203.0.113.66 (the intruder), 192.0.2.10 (Alice)
#   node-1   198.51.100.11, pods in 10.244.0.0/24
#   plane    198.51.100.10 (the API server)

intruder=203.0.113.66
alice=192.0.2.10
node=198.51.100.11
plane=198.51.100.10

make_network() {
  local name
  for name in outside node plane; do
    ip netns add "stage-$name"
    ip -n "stage-$name" link set lo up
  done
  ip link add eth0 netns stage-node type veth peer name eth0 netns stage-plane
  ip link add eth1 netns stage-node type veth peer name eth0 netns stage-outside

  ip -n stage-node address add "$node/24" dev eth0
  ip -n stage-node link set eth0 up
  ip -n stage-node link set eth1 up
  ip -n stage-node route add "$intruder" dev eth1 src "$node"
  ip -n stage-node route add "$alice" dev eth1 src "$node"
  ip netns exec stage-node sysctl -q net.ipv4.ip_forward=1

  ip -n stage-plane address add "$plane/24" dev eth0
  ip -n stage-plane link set eth0 up
  ip -n stage-plane route add default via "$node"

  ip -n stage-outside address add "$intruder/32" dev eth0
  ip -n stage-outside address add "$alice/32" dev eth0
  ip -n stage-outside link set eth0 up
  ip -n stage-outside route add "$node" dev eth0
  ip -n stage-outside route add "$plane" via "$node" dev eth0 src "$alice"
}

remove_network() {
  local name
  for name in outside node plane; do ip netns delete "stage-$name" 2>/dev/null || true; done
}
