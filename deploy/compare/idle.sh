#!/bin/sh
# What an idle mesh writes: nodes on loopback with default windows and no requests; bytes of each
# data directory a minute after the last has joined, and again later.
#
# usage: deploy/compare/idle.sh               from the built distribution (./skein once)
# environment: NODES=5 MINUTES=10 SKEIN=./skein
# needs: curl
set -eu
nodes=${NODES:-5}
minutes=${MINUTES:-10}
root=$(cd "$(dirname "$0")/../.." && pwd)
skein=${SKEIN:-$root/skein}
dir=$(mktemp -d)
pids=
trap 'for p in $pids; do kill "$p" 2>/dev/null || :; done; wait; rm -rf "$dir"' EXIT INT TERM
export SKEIN_AOT=off

# up NAME FLAGS…: starts a node and waits until it listens
up() {
  name=$1
  shift
  "$skein" up --name "$name" --region eu --data "$dir/$name" --mesh 127.0.0.1:0 \
    --forward 127.0.0.1:0 --api 127.0.0.1:0 --ready-file "$dir/$name.ready" "$@" \
    >"$dir/$name.log" 2>&1 &
  pids="$pids $!"
  left=240
  until [ -s "$dir/$name.ready" ]; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { cat "$dir/$name.log" >&2; exit 1; }
    sleep 0.5
  done
}
told() { sed -n "s/^ *\"$2\" *: *\"\([^\"]*\)\".*/\1/p" "$dir/$1.ready"; }
size() { find "$dir/$1" -type f -exec cat {} + | wc -c; }

up n1
api=$(told n1 api)
mesh=$(told n1 mesh)
"$skein" invite --api "$api" --uses "$nodes" >"$dir/token" 2>/dev/null
for n in $(seq 2 "$nodes"); do up "n$n" --seed "$mesh" --token-file "$dir/token"; done
# The joins are witnessed within three windows and one.
sleep 60
for n in $(seq "$nodes"); do size "n$n" >"$dir/n$n.before"; done
sleep $((minutes * 60))
for n in $(seq "$nodes"); do
  before=$(cat "$dir/n$n.before")
  after=$(size "n$n")
  echo "n$n: $before bytes, $minutes minutes later $after;" \
    "$(((after - before) * 1440 / minutes)) bytes a day"
done
echo "$(curl -fsS "$api/v1/ledger" | sed 's/,"retention.*//')"
