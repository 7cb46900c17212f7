#!/bin/sh
# train.sh: makes the start-up caches of an unpacked distribution, aot/node.aot and aot/cli.aot, by
# running a node on this machine's loopback for some seconds, with requests. They make starts about twice
# as fast, and the first seconds of traffic; nothing depends on them. Run it once where the distribution is
# installed or its image built; the launcher does so by itself where it may write. Set SKEIN_AOT=off to do
# without.
# `train.sh wait` waits for a training that is under way already; without the word it leaves at once.
set -eu
home=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$home/find-jdk.sh"
. "$home/runtime.sh"
if [ -z "${SKEIN_JAVA_HOME:-}" ]; then JAVA_HOME=$(find_jdk 25); else JAVA_HOME=$SKEIN_JAVA_HOME; fi
untrained || exit 0

mkdir -p "$home/aot"
lock=$home/aot/lock
until ln -s "$$" "$lock" 2>/dev/null; do
  if ! kill -0 "$(readlink "$lock")" 2>/dev/null; then
    rm -f "$lock"
  elif [ "${1:-}" = wait ]; then
    sleep 1
  else
    exit 0
  fi
done
untrained || { rm -f "$lock"; exit 0; }
work=$(mktemp -d "${TMPDIR:-/tmp}/skein-train.XXXXXX")
processes=
finish() {
  trap - EXIT INT TERM HUP
  for process in $processes; do kill -9 "$process" 2>/dev/null || true; done
  rm -rf "$work"
  if [ "$(readlink "$lock")" = "$$" ]; then rm -f "$home"/aot/*.next "$home"/aot/*.next.config "$lock"; fi
}
trap finish EXIT
trap 'finish; exit 130' INT TERM HUP

identity=$(cache_identity)
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS
# The settings of the operator's own node must not reach this one.
for name in $(env | sed -n 's/^\(SKEIN_[A-Z0-9_]*\)=.*/\1/p'); do unset "$name"; done

# shellcheck disable=SC2086
demo() { exec "$JAVA_HOME/bin/java" $cli_flags -cp "$(node_class_path)" "io.skein.app.demo.$1" "$2" "$3" ${4:+"$4"}; }
# Waits, at most a minute, until process $1 has written something to file $2.
written() {
  tenths=0
  while [ ! -s "$2" ] && kill -0 "$1" 2>/dev/null && [ "$tenths" -lt 600 ]; do
    sleep 0.1
    tenths=$((tenths + 1))
  done
}

(demo EndpointServer training 127.0.0.1:0 0) >"$work/endpoint" 2>/dev/null &
processes=$!
written "$processes" "$work/endpoint"
cat >"$work/skein.yaml" <<EOF
listeners:
  - {name: web, bind: "127.0.0.1:0"}
services:
  - name: training
    health: {path: /}
    endpoints:
      - {name: one, url: "http://127.0.0.1:$(sed -n 's/^port //p' "$work/endpoint")", owner: self}
EOF

port=$((20000 + $$ % 10000))
# shellcheck disable=SC2086
"$JAVA_HOME/bin/java" $node_flags $node_memory "-XX:AOTCacheOutput=$home/aot/node.aot.next" \
  -D"$unpacked" -Djava.library.path="$native" -Dskein.home="$home" -cp "$(node_class_path)" \
  io.skein.app.Main up --name training --region training --config "$work/skein.yaml" \
  --data "$work/data" --mesh "127.0.0.1:$port" --api 127.0.0.1:0 --ready-file "$work/ready" >"$work/node.log" 2>&1 &
node=$!
processes="$processes $node"
written "$node" "$work/ready"
if [ -f "$work/ready" ]; then
  api=$(sed -n 's|.*"api" *: *"\([^"]*\)".*|\1|p' "$work/ready")
  web=$(sed -n 's|.*"web" *: *"http://127.0.0.1:\([0-9]*\)".*|\1|p' "$work/ready")
  (demo TrainingLoad "$web" 5 "$api") >/dev/null 2>&1 || true
  # shellcheck disable=SC2086
  "$JAVA_HOME/bin/java" $cli_flags "-XX:AOTCacheOutput=$home/aot/cli.aot.next" -Dskein.home="$home" \
    -cp "$(cli_class_path)" io.skein.cli.Main members --api "$api" >/dev/null 2>&1 || true
  kill "$node" 2>/dev/null || true
  wait "$node" 2>/dev/null || true
  for cache in node cli; do
    rm -f "$home/aot/$cache.aot"
    if [ -s "$home/aot/$cache.aot.next" ]; then mv "$home/aot/$cache.aot.next" "$home/aot/$cache.aot"; fi
  done
fi
# Written in failure as well: the same jars would fail again.
printf '%s\n' "$identity" >"$home/aot/identity"
