# Takes the logs off both machines, as a responder would, and makes the demo's folder of them: sourced by stage.sh.

rotate_logs() {
  in_node logrotate -f -s /var/lib/logrotate.demo /etc/logrotate.d/rsyslog
}

collect() {
  local to=$work/collected
  rm -rf "$to"
  mkdir -p "$to/control-plane" "$to/node-1"
  date -u +%FT%TZ >"$to/collected-at"
  cp -p "$work"/plane/audit/* "$work"/plane/*.log "$to/control-plane/"
  in_node tar -C / -cf - --warning=no-file-changed --exclude lastlog var/log tmp/.cache home root | tar -C "$to/node-1" -xpf -
}

arrange() {
  local from=$work/collected to=$work/evidence
  rm -rf "$to"
  mkdir -p "$to/control-plane" "$to/node-1/var/log"
  # What the API server wrote while it was built up, and the filling, is left out; times compare as text.
  for log in "$from"/control-plane/audit*.log; do
    grep -v '?fill=' "$log" | awk -v since="$evening" 'match($0, /"requestReceivedTimestamp":"[^"]*/) && substr($0, RSTART + 28, 20) >= since' \
      >"$to/control-plane/$(basename "$log")"
  done
  # As if copied while it was written: the last record lacks its end.
  truncate -s -180 "$to/control-plane/audit.log"
  cp -p "$from"/node-1/var/log/{auth.log*,syslog*,kubelet.log,containerd.log} "$to/node-1/var/log/"
  # The cgroup this script happens to run in is no part of the story.
  sed -i "s|memory: $(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup)\"|memory: /\"|" "$to/node-1/var/log/kubelet.log"
  # As if the copy broke off.
  truncate -s -60 "$to/node-1/var/log/syslog.2.gz"
  (cd "$from/node-1" && tar -czf "$to/node-1.tar.gz" --owner 0 --group 0 var/log/audit var/log/journal var/log/pods var/log/wtmp var/log/btmp \
    tmp/.cache home/*/.bash_history)
  chmod -R u+rwX,go+rX "$to"
}
