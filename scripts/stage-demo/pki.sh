# Certificates and kubeconfigs of the cluster, and the SSH keys: sourced by stage.sh.

make_authority() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=kubernetes -keyout "$pki/ca.key" -out "$pki/ca.crt" 2>/dev/null
  openssl genrsa -out "$pki/sa.key" 2048 2>/dev/null
  openssl rsa -in "$pki/sa.key" -pubout -out "$pki/sa.pub" 2>/dev/null
}

# make_certificate NAME SUBJECT [SUBJECT-ALTERNATIVE-NAMES]
make_certificate() {
  local name=$1 subject=$2 alternatives=${3:-}
  openssl req -newkey rsa:2048 -nodes -subj "$subject" -keyout "$pki/$name.key" -out "$pki/$name.csr" 2>/dev/null
  openssl x509 -req -in "$pki/$name.csr" -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -CAcreateserial -days 30 \
    -extfile <(echo "extendedKeyUsage=serverAuth,clientAuth${alternatives:+$'\n'subjectAltName=$alternatives}") -out "$pki/$name.crt" 2>/dev/null
}

make_kubeconfig() {
  local name=$1 user=$2 file=$pki/$1.conf
  kubectl config --kubeconfig "$file" set-cluster shop-cluster --server "https://$plane:6443" --certificate-authority "$pki/ca.crt" --embed-certs
  kubectl config --kubeconfig "$file" set-credentials "$user" --client-certificate "$pki/$name.crt" --client-key "$pki/$name.key" --embed-certs
  kubectl config --kubeconfig "$file" set-context "$user@shop-cluster" --cluster shop-cluster --user "$user"
  kubectl config --kubeconfig "$file" use-context "$user@shop-cluster"
} >/dev/null

make_credentials() {
  mkdir -p "$pki"
  make_authority
  make_certificate apiserver /CN=kube-apiserver "IP:$plane,IP:127.0.0.1,IP:10.96.0.1,DNS:kubernetes.default.svc"
  make_certificate kubelet-client /O=system:masters/CN=kube-apiserver-kubelet-client
  make_certificate admin /O=system:masters/CN=kubernetes-admin
  make_certificate alice /O=shop-developers/CN=alice
  make_certificate controller-manager /CN=system:kube-controller-manager
  make_certificate scheduler /CN=system:kube-scheduler
  make_certificate node-1 /O=system:nodes/CN=system:node:node-1
  make_kubeconfig admin kubernetes-admin
  make_kubeconfig alice alice
  make_kubeconfig controller-manager system:kube-controller-manager
  make_kubeconfig scheduler system:kube-scheduler
  make_kubeconfig node-1 system:node:node-1
  local name
  for name in alice deploy intruder; do ssh-keygen -q -t ed25519 -N '' -C "$name@example.org" -f "$pki/$name.ssh"; done
}
