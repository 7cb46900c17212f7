#!/bin/sh
# train.sh: makes the start-up caches of an unpacked distribution, aot/node.aot and aot/cli.aot, by
# running a node on this machine's loopback for a moment and asking it something. They make starts about
# twice as fast; nothing depends on them. Run it once where the distribution is installed or its image
# built; the launcher does so by itself where it may write. Set SKEIN_AOT=off to do without.
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
node=
finish() {
  trap - EXIT INT TERM HUP
  if [ -n "$node" ]; then kill -9 "$node" 2>/dev/null || true; fi
  rm -rf "$work"
  if [ "$(readlink "$lock")" = "$$" ]; then rm -f "$home"/aot/*.next "$home"/aot/*.next.config "$lock"; fi
}
trap finish EXIT
trap 'finish; exit 130' INT TERM HUP

identity=$(cache_identity)
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS
# The settings of the operator's own node must not reach this one.
for name in $(env | sed -n 's/^\(SKEIN_[A-Z0-9_]*\)=.*/\1/p'); do unset "$name"; done

port=$((20000 + $$ % 10000))
# shellcheck disable=SC2086
"$JAVA_HOME/bin/java" $node_flags $node_memory "-XX:AOTCacheOutput=$home/aot/node.aot.next" \
  -D"$unpacked" -Djava.library.path="$native" -Dskein.home="$home" -cp "$(node_class_path)" \
  io.skein.app.Main up --name training --region training \
  --data "$work/data" --mesh "127.0.0.1:$port" --api 127.0.0.1:0 --listen web=127.0.0.1:0 \
  --ready-file "$work/ready" >"$work/node.log" 2>&1 &
node=$!

seconds=0
while [ ! -f "$work/ready" ] && kill -0 "$node" 2>/dev/null && [ "$seconds" -lt 60 ]; do
  sleep 1
  seconds=$((seconds + 1))
done
if [ -f "$work/ready" ]; then
  api=$(sed -n 's|.*"api" *: *"\([^"]*\)".*|\1|p' "$work/ready")
  # shellcheck disable=SC2086
  "$JAVA_HOME/bin/java" $cli_flags "-XX:AOTCacheOutput=$home/aot/cli.aot.next" -Dskein.home="$home" \
    -cp "$(cli_class_path)" io.skein.cli.Main members --api "$api" >/dev/null 2>&1 || true
  kill "$node" 2>/dev/null || true
  wait "$node" 2>/dev/null || true
  node=
  for cache in node cli; do
    rm -f "$home/aot/$cache.aot"
    if [ -s "$home/aot/$cache.aot.next" ]; then mv "$home/aot/$cache.aot.next" "$home/aot/$cache.aot"; fi
  done
fi
# Written in failure as well: the same jars would fail again.
printf '%s\n' "$identity" >"$home/aot/identity"
