# The machine node-1: an overlay over this machine's files, its own mounts, host name and network, but the same
# process numbers, so that the kernel's audit records and the logs agree. Sourced by stage.sh.

in_node() {
  nsenter -t "$holder" -m -u -n -r -w "$@"
}

# The holder keeps the namespaces; everything of the node enters them.
make_node() {
  mkdir -p "$work/node"
  mount -t tmpfs stage "$work/node"
  mkdir "$work"/node/{upper,work,root}
  nsenter --net=/run/netns/stage-node unshare -m -u --propagation private bash "$here/node-root.sh" "$work/node" "$zone" &
  holder=$!
  remember "$holder"
  wait_for in_node test -e /run/ready
  fill_node
}

fill_node() {
  in_node mkdir -p /etc/kubernetes /etc/cni/net.d /etc/containerd /var/log/audit /var/log/journal /run/sshd /run/systemd/journal /var/spool/rsyslog /root/.ssh
  in_node tee /usr/local/bin/kubelet <"$bin/kubelet" >/dev/null
  in_node chmod 755 /usr/local/bin/kubelet
  in_node tee /etc/kubernetes/admin.conf <"$pki/admin.conf" >/dev/null
  in_node tee /etc/kubernetes/kubelet.conf <"$pki/node-1.conf" >/dev/null
  in_node tee /etc/kubernetes/ca.crt <"$pki/ca.crt" >/dev/null
  in_node chmod 600 /etc/kubernetes/admin.conf /etc/kubernetes/kubelet.conf
  local file
  for file in kubelet.yaml:/etc/kubernetes/kubelet.yaml containerd.toml:/etc/containerd/config.toml pods.conflist:/etc/cni/net.d/10-pods.conflist \
    rsyslog.conf:/etc/rsyslog.conf journald.conf:/etc/systemd/journald.conf crontab:/etc/crontab audit.rules:/etc/audit/audit.rules \
    logrotate:/etc/logrotate.d/rsyslog; do
    in_node tee "${file#*:}" <"$here/node/${file%%:*}" >/dev/null
  done
  in_node bash -c 'rm -f /etc/cron.d/* /etc/ssh/ssh_host_*; ssh-keygen -q -A; echo nameserver 198.51.100.1 >/etc/resolv.conf
    printf "127.0.0.1 localhost\n198.51.100.11 node-1\n" >/etc/hosts
    systemd-id128 new >/etc/machine-id; touch /run/systemd/journal/flushed; ln -sf /run/systemd/journal/dev-log /dev/log
    mkdir -p "/var/log/journal/$(cat /etc/machine-id)"'
  add_account alice
  add_account deploy
}

add_account() {
  in_node useradd -m -s /bin/bash "$1"
  in_node bash -c "echo '$1:$(openssl rand -hex 12)' | chpasswd; echo '$1 ALL=(ALL:ALL) NOPASSWD: ALL' >/etc/sudoers.d/$1; chmod 440 /etc/sudoers.d/$1
    install -d -m 700 -o $1 -g $1 ~$1/.ssh; touch ~$1/.ssh/authorized_keys; chown $1:$1 ~$1/.ssh/authorized_keys"
  in_node tee -a "/home/$1/.ssh/authorized_keys" <"$pki/$1.ssh.pub" >/dev/null
}

# start_daemon COMMAND…: in the node, in its own session, as nobody's login.
start_daemon() {
  nsenter -t "$holder" -m -u -n -r -w setsid "$@" &
  remember $!
}

start_logging() {
  start_daemon /lib/systemd/systemd-journald
  wait_for in_node test -S /run/systemd/journal/dev-log
  start_daemon rsyslogd -n
  wait_for in_node test -S /run/systemd/journal/syslog
  start_daemon auditd -n
  wait_for in_node test -s /var/log/audit/audit.log
  in_node auditctl -R /etc/audit/audit.rules >/dev/null
  start_daemon cron -f
  start_daemon /usr/sbin/sshd -D
}

start_kubelet() {
  start_daemon bash -c 'exec containerd >>/var/log/containerd.log 2>&1'
  wait_for in_node ctr version
  in_node ctr -n k8s.io images import - <"$work/image.tar"
  start_daemon bash -c 'exec kubelet --config /etc/kubernetes/kubelet.yaml --kubeconfig /etc/kubernetes/kubelet.conf --hostname-override node-1 --node-ip '"$node"' --v=2 >>/var/log/kubelet.log 2>&1'
}

stop_containers() {
  local task
  for task in $(in_node ctr -n k8s.io tasks ls -q 2>/dev/null); do in_node ctr -n k8s.io tasks delete -f "$task"; done
}
