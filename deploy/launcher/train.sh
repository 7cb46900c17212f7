#!/bin/sh
# train.sh: makes the start-up caches of an unpacked distribution, aot/node.aot and aot/cli.aot, by
# running a node and a peer on this machine's loopback for some seconds, with requests. They make starts about twice
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
# endpoint NAME PORT: starts one; its process is $started.
endpoint() {
  rm -f "$work/$1"
  (demo EndpointServer "$1" "127.0.0.1:$2" 0) >"$work/$1" 2>/dev/null &
  started=$!
  processes="$processes $started"
  written "$started" "$work/$1"
}
# Ends process $1 without a farewell, and forgets it: its number may be another's one day.
end() {
  kill -9 "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
  left=
  for process in $processes; do [ "$process" = "$1" ] || left="$left $process"; done
  processes=$left
}
port_of() { sed -n 's/^port //p' "$work/$1"; }
# node NAME ENDPOINT MESH-PORT JVM-FLAG FLAGS…: starts one with that endpoint; its process is $started.
node() {
  name=$1
  cat >"$work/$name.yaml" <<EOF
listeners:
  - {name: web, bind: "127.0.0.1:0"}
services:
  - name: training
    health: {path: /}
    endpoints:
      - {name: $2, url: "http://127.0.0.1:$(port_of "$2")", owner: self}
EOF
  mesh=127.0.0.1:$3
  jvm=$4
  shift 4
  # shellcheck disable=SC2086
  "$JAVA_HOME/bin/java" $node_flags $node_memory "$jvm" -D"$unpacked" -Djava.library.path="$native" -Dskein.home="$home" \
    -cp "$(node_class_path)" io.skein.app.Main up --name "$name" --region training --config "$work/$name.yaml" \
    --data "$work/$name.data" --mesh "$mesh" --api 127.0.0.1:0 --ready-file "$work/$name.ready" "$@" >"$work/$name.log" 2>&1 &
  started=$!
  processes="$processes $started"
}
# load NODE SECONDS [API]: requests for a node, which fail if it never got ready.
load() {
  web=$(sed -n 's|.*"web" *: *"http://127.0.0.1:\([0-9]*\)".*|\1|p' "$work/$1.ready" 2>/dev/null || true)
  (demo TrainingLoad "${web:-1}" "$2" ${3:+"$3"}) >/dev/null 2>&1 || true
}

endpoint near 0
near=$started
endpoint far 0
far=$started
port=$((20000 + $$ % 10000))
node trained near "$port" "-XX:AOTCacheOutput=$home/aot/node.aot.next" --invite-file "$work/token"
trained=$started
written "$trained" "$work/trained.ready"
if [ -f "$work/trained.ready" ]; then
  # A peer, an endpoint that is lost on either side, and a peer that is lost: what happens in a mesh must not be
  # new to a node when it happens.
  node peer far $((port + 10)) -XX:TieredStopAtLevel=1 --seed "127.0.0.1:$port" --token-file "$work/token"
  peer=$started
  load trained 5
  written "$peer" "$work/peer.ready"
  end "$far"
  load peer 2
  endpoint far "$(port_of far)"
  end "$near"
  load trained 3
  endpoint near "$(port_of near)"
  end "$peer"
  api=$(sed -n 's|.*"api" *: *"\([^"]*\)".*|\1|p' "$work/trained.ready")
  load trained 1 "$api"
  # shellcheck disable=SC2086
  "$JAVA_HOME/bin/java" $cli_flags "-XX:AOTCacheOutput=$home/aot/cli.aot.next" -Dskein.home="$home" \
    -cp "$(cli_class_path)" io.skein.cli.Main members --api "$api" >/dev/null 2>&1 || true
  kill "$trained" 2>/dev/null || true
  wait "$trained" 2>/dev/null || true
  for cache in node cli; do
    rm -f "$home/aot/$cache.aot"
    if [ -s "$home/aot/$cache.aot.next" ]; then mv "$home/aot/$cache.aot.next" "$home/aot/$cache.aot"; fi
  done
fi
# Written in failure as well: the same jars would fail again.
printf '%s\n' "$identity" >"$home/aot/identity"
