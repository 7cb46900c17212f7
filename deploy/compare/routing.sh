#!/bin/sh
# Compares how a node and other proxies balance over real sockets: eight endpoints each, of real capacity,
# one of which misbehaves; clients send at a constant rate and count from the time a request was due. All
# contenders run side by side, each with endpoints and clients of its own, so that what the machine does
# it does to all. Prints a table for each scenario: medians over the rounds; FAILED is of all rounds and
# WORST MS the longest of all; ODD % is what the odd endpoint gets of all tries while it is odd (one that stands
# still reads none); BACK MS how long after its return it gets 60 % of its fair share. "all" takes nine minutes and
# ends with the rows of a table in Markdown. A line says how long the clients themselves stood still: where that is
# not far below what is measured, the machine is too busy to say anything.
#
# usage: deploy/compare/routing.sh [SCENARIO|all [CONTENDER…]]
#   scenarios  even     all endpoints alike
#              slow     one 10 x slower
#              turned   capacities 1:2:4, turned round half way, at 80 % load
#              pause    one stands still for 500 ms every 5 s
#              frozen   one accepts and never answers for 2 s
#              failing  one fails half its requests in 1 ms
#              killed   one killed, and back after 2 s
#              step     load x 3 in a step
#   contenders skein haproxy-leastconn haproxy-random nginx-leastconn nginx-random caddy-leastconn (these are
#              the default), skein-POLICY (such as skein-prequal, skein-peak-ewma)
# environment: ROUNDS=5 WARM_UP=10 (seconds) SKEIN=./skein OUT=target/routing (results as JSON)
# needs: haproxy nginx caddy as asked for, a JDK 25, and
# ./mvnw -Dquick -Dmaven.test.skip=true package. Their configurations are in deploy/compare/routing.
set -eu
scenario=${1:-all}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- skein haproxy-leastconn haproxy-random nginx-leastconn nginx-random caddy-leastconn
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
skein=${SKEIN:-$root/skein}
classes=${CLASSES:-$root/node/benchmarks/target/classes}
out=${OUT:-$root/target/routing}
rounds=${ROUNDS:-5}
warm_up=${WARM_UP:-10}
PATH=$PATH:/usr/sbin
fail() { echo "routing: $*" >&2; exit 2; }
[ -f "$classes/io/skein/benchmarks/sockets/RoutingBench.class" ] || fail "node/benchmarks is not built; see the head of $0"
java=$(. "$root/deploy/launcher/find-jdk.sh"; find_jdk 25)/bin/java
mkdir -p "$out"

run() {
  scenario=$1
  shift
  dir=$(mktemp -d)
  chmod 755 "$dir"
  pids=
  ports=
  extra=20060
  for c; do
    case $c in
      skein) port=20000 ;;
      haproxy-leastconn) port=20010 ;;
      haproxy-random) port=20020 ;;
      nginx-leastconn) port=20030 ;;
      nginx-random) port=20040 ;;
      caddy-leastconn) port=20050 ;;
      skein-*) port=$extra; extra=$((extra + 10)) ;;
      *) fail "no contender '$c'; see the head of $0" ;;
    esac
    ports="$ports $c=$port"
    case $c in
      haproxy-*) haproxy -q -db -f "$here/routing/$c.cfg" >"$dir/$c.log" 2>&1 & ;;
      nginx-*)
        sed "s|@DIR@|$dir|" "$here/routing/$c.conf" >"$dir/$c.conf"
        nginx -c "$dir/$c.conf" -e "$dir/$c.log" &
        ;;
      caddy-*) HOME=$dir caddy run --adapter caddyfile --config "$here/routing/$c.caddyfile" >"$dir/$c.log" 2>&1 & ;;
      skein*)
        policy=${c#skein}
        policy=${policy#-}
        sed "s/:200../:$port/; s/:2100\(.\)/:$(((port + 1000) / 10))\1/; s/- name: bench/&${policy:+\n    policy: $policy}/" \
          "$here/routing/skein.yaml" >"$dir/$c.yaml"
        "$skein" up --name "$c" --config "$dir/$c.yaml" --data "$dir/$c" --window 1s \
          --mesh "127.0.0.1:$((port + 2000))" --api "127.0.0.1:$((port + 3000))" >"$dir/$c.log" 2>&1 &
        ;;
    esac
    pids="$pids $!"
  done
  status=0
  # shellcheck disable=SC2086
  "$java" -XX:+UseSerialGC -Xms400m -Xmn300m -cp "$classes" io.skein.benchmarks.sockets.RoutingBench "$scenario" "$rounds" "$warm_up" \
    "$out/$scenario.json" $ports || status=$?
  [ "$status" = 0 ] || tail -n 3 "$dir"/*.log >&2
  stop
  [ "$status" = 0 ]
}
stop() {
  for p in $pids; do kill "$p" 2>/dev/null || :; done
  wait 2>/dev/null || :
  [ -n "${KEEP:-}" ] || rm -rf "$dir"
}
pids=
dir=
trap 'exit 130' INT TERM
trap stop EXIT
if [ "$scenario" = all ]; then
  rm -f "$out"/*.row
  for s in slow turned pause frozen failing killed step; do run "$s" "$@"; done
  for s in slow turned pause frozen failing killed step; do cat "$out/$s.json.row"; done
else
  run "$scenario" "$@"
fi
