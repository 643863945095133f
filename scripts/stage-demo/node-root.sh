#!/bin/bash
# Run by node.sh in fresh namespaces: makes the root of node-1 and stays.
set -euo pipefail
folder=$1 zone=$2
root=$folder/root

hostname node-1
mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/upper,workdir=$folder/work" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
mount -t tmpfs tmpfs "$root/dev"
for device in null zero full random urandom tty kmsg fuse; do
  [ -e "/dev/$device" ] && touch "$root/dev/$device" && mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/pts" "$root/dev/shm" "$root/dev/mqueue"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"
for place in run tmp var/log home root; do
  mount -t tmpfs -o mode=755 tmpfs "$root/$place"
done
# A real disk: the kubelet measures it, and overlays cannot lie on overlays.
for place in kubelet containerd; do
  mkdir -p "$root/var/lib/$place" "$folder.disk/$place"
  mount --bind "$folder.disk/$place" "$root/var/lib/$place"
done
chmod 1777 "$root/tmp" "$root/dev/shm"
install -d -m 700 "$root/root/.ssh"
touch "$root/root/.ssh/authorized_keys" "$root/run/utmp" "$root"/var/log/{wtmp,btmp,lastlog}
chown root:utmp "$root/run/utmp" "$root"/var/log/{wtmp,btmp,lastlog}
chmod 664 "$root/run/utmp" "$root/var/log/wtmp" "$root/var/log/lastlog"
chmod 660 "$root/var/log/btmp"
# What this machine may not allow (resource limits) and what Debian 12 complains about is no part of the story.
sed -i -e '/pam_limits/d' -e 's/ user_readenv=1//' "$root"/etc/pam.d/*
echo "HISTTIMEFORMAT='%F %T '" >>"$root/etc/bash.bashrc"
ln -sf "/usr/share/zoneinfo/$zone" "$root/etc/localtime"
mkdir "$root/run/host"
cd "$root"
pivot_root . run/host
umount -l /run/host
mount --make-rshared /
touch /run/ready
exec sleep infinity
