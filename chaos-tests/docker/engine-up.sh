#!/usr/bin/env bash
# engine-up.sh: make sure a Docker Engine answers; idempotent.
#   A Docker that already answers (a developer's own) is used as it is.
#   Otherwise, as root on Debian or Ubuntu: install docker.io (plus iptables,
#   iproute2), start dockerd in the background and wait until it is ready.
# Prints one line 'docker engine VERSION api VERSION storage DRIVER'.
# Exit: 0 ready; 1 cannot be had (the reason is on stderr).
# Variables: DOCKERD_LOG (/tmp/dockerd.log), DOCKERD_WAIT seconds (60),
#            SKEIN_NO_INSTALL=1 never installs or starts anything.
set -euo pipefail
trap 'printf "engine-up: line %s failed\n" "$LINENO" >&2' ERR

log=${DOCKERD_LOG:-/tmp/dockerd.log}
wait_s=${DOCKERD_WAIT:-60}

say() { printf 'engine-up: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

answers() { command -v docker >/dev/null 2>&1 && timeout 10 docker info --format '{{.ServerVersion}}' 2>/dev/null | grep -q '^[0-9]'; }
report() {
  docker version --format 'docker engine {{.Server.Version}} api {{.Server.APIVersion}}' | tr -d '\n'
  printf ' storage %s\n' "$(docker info --format '{{.Driver}}' 2>/dev/null)"
}

if answers; then report; exit 0; fi
[ "${SKEIN_NO_INSTALL:-0}" = 1 ] && die "no Docker engine answers, and SKEIN_NO_INSTALL=1 forbids starting one"
[ -z "${DOCKER_HOST:-}" ] || die "DOCKER_HOST=$DOCKER_HOST does not answer; fix or unset it"
[ "$(id -u)" = 0 ] || die "no Docker engine answers, and starting one needs root: start Docker, or run as root"

# One starter at a time: two dockerd on one data root would break each other.
exec 9>/tmp/engine-up.lock
flock -w 300 9 || die "another engine-up.sh has held /tmp/engine-up.lock for 300 s"
if answers; then report; exit 0; fi

need=()
command -v dockerd >/dev/null 2>&1 || need+=(docker.io)
command -v iptables >/dev/null 2>&1 || need+=(iptables)
command -v ip >/dev/null 2>&1 || need+=(iproute2)
if [ ${#need[@]} -gt 0 ]; then
  command -v apt-get >/dev/null 2>&1 || die "missing ${need[*]} and no apt-get: install Docker yourself"
  say "installing ${need[*]} with apt-get"
  export DEBIAN_FRONTEND=noninteractive
  # RUNLEVEL=1: the package's own service scripts must not start a second daemon.
  { apt-get update -qq && RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${need[@]}"; } >"$log.apt" 2>&1 \
    || { tail -n 15 "$log.apt" >&2; die "apt-get could not install ${need[*]} (whole output: $log.apt)"; }
fi

# A pid file left by a machine that was stopped keeps dockerd from starting.
for f in /var/run/docker.pid /var/run/docker/containerd/containerd.pid; do
  if [ -f "$f" ] && ! kill -0 "$(cat "$f")" 2>/dev/null; then rm -f "$f"; fi
done

start() { # $1: storage driver
  say "starting dockerd --storage-driver=$1 (log: $log)"
  # 9>&- : the daemon must not keep this script's lock open.
  setsid nohup dockerd --storage-driver="$1" >"$log" 2>&1 </dev/null 9>&- &
  local pid=$! i
  for ((i = 0; i < wait_s * 4; i++)); do
    answers && return 0
    kill -0 "$pid" 2>/dev/null || return 1
    sleep 0.25
  done
  kill "$pid" 2>/dev/null || true
  return 1
}

if start overlay2 || { say "overlay2 failed; trying vfs (slow, but needs no kernel support)"; start vfs; }; then
  report
else
  tail -n 20 "$log" >&2 || true
  die "dockerd did not become ready (whole log: $log)"
fi
