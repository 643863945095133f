# etcd and the control plane, in the network namespace stage-plane: sourced by stage.sh.

in_plane() {
  ip netns exec stage-plane "$@"
}

start_plane() {
  mkdir -p "$work/plane"
  ip netns exec stage-plane etcd --data-dir "$work/plane/etcd" --log-level error --logger zap >"$work/plane/etcd.log" 2>&1 &
  remember $!
  start_api_server
  env TZ="$zone" ip netns exec stage-plane "$bin/kube-controller-manager" --kubeconfig "$pki/controller-manager.conf" --leader-elect=false --use-service-account-credentials \
    --service-account-private-key-file "$pki/sa.key" --root-ca-file "$pki/ca.crt" --allocate-node-cidrs=false >"$work/plane/controller-manager.log" 2>&1 &
  remember $!
  env TZ="$zone" ip netns exec stage-plane "$bin/kube-scheduler" --kubeconfig "$pki/scheduler.conf" --leader-elect=false >"$work/plane/scheduler.log" 2>&1 &
  remember $!
}

start_api_server() {
  mkdir -p "$work/plane/audit"
  env TZ="$zone" ip netns exec stage-plane "$bin/kube-apiserver" --etcd-servers http://127.0.0.1:2379 --advertise-address "$plane" --secure-port 6443 \
    --service-cluster-ip-range 10.96.0.0/16 --authorization-mode Node,RBAC --client-ca-file "$pki/ca.crt" --allow-privileged \
    --tls-cert-file "$pki/apiserver.crt" --tls-private-key-file "$pki/apiserver.key" \
    --kubelet-preferred-address-types InternalIP \
    --kubelet-client-certificate "$pki/kubelet-client.crt" --kubelet-client-key "$pki/kubelet-client.key" \
    --service-account-issuer https://kubernetes.default.svc --service-account-key-file "$pki/sa.pub" \
    --service-account-signing-key-file "$pki/sa.key" --audit-policy-file "$here/audit-policy.yaml" \
    --audit-log-path "$work/plane/audit/audit.log" --audit-log-maxsize 1 >"$work/plane/kube-apiserver.log" 2>&1 &
  remember $!
  wait_for in_plane kubectl --kubeconfig "$pki/admin.conf" get --raw /readyz
}

# Reads config maps until the audit log is about to be rotated: the API server turns it over during the incident.
fill_audit_log() {
  while [ "$(stat -c %s "$work/plane/audit/audit.log")" -lt 1020000 ]; do
    in_plane curl -s -o /dev/null --cacert "$pki/ca.crt" --cert "$pki/admin.crt" --key "$pki/admin.key" \
      "https://$plane:6443/api/v1/namespaces/default/configmaps?fill=[1-10]"
  done
}
