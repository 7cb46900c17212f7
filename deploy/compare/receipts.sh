#!/bin/sh
# What receipts cost: two nodes, one with and one without, both pinned to core 0, wrk and nginx to
# core 1; requests per second and processor time per request of 1 KiB GETs, in interleaved rounds.
#
# usage: deploy/compare/receipts.sh           from the built distribution (./skein once)
# environment: ROUNDS=7 SECONDS_A_ROUND=5 WARM_UP=15 CONNECTIONS=32 SKEIN=./skein
# needs: nginx wrk taskset curl
set -eu
rounds=${ROUNDS:-7}
seconds=${SECONDS_A_ROUND:-5}
connections=${CONNECTIONS:-32}
root=$(cd "$(dirname "$0")/../.." && pwd)
skein=${SKEIN:-$root/skein}
PATH=$PATH:/usr/sbin
for tool in nginx wrk taskset curl; do
  command -v "$tool" >/dev/null || { echo "compare: $tool is not installed" >&2; exit 2; }
done
dir=$(mktemp -d)
pids=
trap 'for p in $pids; do kill "$p" 2>/dev/null || :; done; rm -rf "$dir"' EXIT INT TERM

mkdir "$dir/www"
head -c 1024 /dev/zero | tr '\0' x >"$dir/www/1k"
cat >"$dir/nginx.conf" <<EOF
daemon off; worker_processes 1; pid $dir/nginx.pid; error_log $dir/nginx.log;
events { worker_connections 4096; }
http { access_log off; keepalive_timeout 120; keepalive_requests 100000000;
  client_body_temp_path $dir/b; proxy_temp_path $dir/p; fastcgi_temp_path $dir/f; uwsgi_temp_path $dir/u; scgi_temp_path $dir/s;
  server { listen 127.0.0.1:18080; root $dir/www; } }
EOF
chmod 755 "$dir" "$dir/www"
taskset -c 1 nginx -c "$dir/nginx.conf" -e "$dir/nginx.log" & pids="$pids $!"
# node NAME PORTS RECEIPTS
node() {
  cat >"$dir/$1.yaml" <<EOF
receipts: {enabled: $3}
services:
  - name: bench
    endpoints:
      - {name: nginx, url: "http://127.0.0.1:18080", owner: self}
EOF
  taskset -c 0 $skein up --name "$1" --config "$dir/$1.yaml" --data "$dir/$1" --window 1s \
    --mesh "127.0.0.1:${2}00" --api "127.0.0.1:${2}92" --listen "web=127.0.0.1:${2}91" >"$dir/$1.log" 2>&1 &
}
node with 181 true; with=$!; pids="$pids $with"
node without 184 false; without=$!; pids="$pids $without"

# Processor time of a process in ticks of 10 ms.
ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"; }
run() {
  taskset -c 1 wrk -t1 -c"$connections" -d"${2}s" "http://127.0.0.1:$1/1k" >"$dir/wrk"
  if grep -q 'Non-2xx\|Socket errors' "$dir/wrk"; then grep 'Non-2xx\|Socket errors' "$dir/wrk" >&2; fi
  awk '/requests in/ { print $1 }' "$dir/wrk" >"$dir/count"
  awk '/Requests\/sec/ { print $2 }' "$dir/wrk"
}
micros() { awk -v t="$(($2 - $1))" '{ printf "%.2f", t * 10000 / $1 }' "$dir/count"; }
median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

for port in 18191 18491; do
  tries=0
  until curl -fs -o /dev/null "http://127.0.0.1:$port/1k"; do
    tries=$((tries + 1)); [ "$tries" -lt 600 ] || { echo "compare: nothing answers on port $port" >&2; tail -n 5 "$dir"/with*.log >&2; exit 1; }
    sleep 0.1
  done
  run "$port" "${WARM_UP:-15}" >/dev/null
done
i=1
while [ "$i" -le "$rounds" ]; do
  a=$(ticks "$with"); w=$(run 18191 "$seconds"); wc=$(micros "$a" "$(ticks "$with")")
  a=$(ticks "$without"); o=$(run 18491 "$seconds"); oc=$(micros "$a" "$(ticks "$without")")
  echo "$w" >>"$dir/w"; echo "$o" >>"$dir/o"; echo "$wc" >>"$dir/wc"; echo "$oc" >>"$dir/oc"
  echo "round $i: with $w/s $wc us  without $o/s $oc us"
  i=$((i + 1))
done
awk -v w="$(median <"$dir/w")" -v o="$(median <"$dir/o")" \
  -v wc="$(median <"$dir/wc")" -v oc="$(median <"$dir/oc")" 'BEGIN {
  printf "median: with %.0f/s %.2f us a request  without %.0f/s %.2f us  cost %.1f %% of throughput, %.1f %% of processor time\n",
    w, wc, o, oc, (1 - w / o) * 100, (wc / oc - 1) * 100 }'
# The thread of receipts alone, as the kernel counts it.
for task in /proc/"$with"/task/*; do
  [ "$(cat "$task/comm")" = skein-receipts ] || continue
  awk -v all="$(ticks "$with")" '{ sub(/.*\) /, ""); printf "thread of receipts: %.1f %% of the node'"'"'s processor time\n", ($12 + $13) * 100 / all }' "$task/stat"
done
curl -fs http://127.0.0.1:18192/metrics | grep '^skein_receipts'
