#!/bin/sh
# Compares a node with HAProxy: requests per second of keep-alive GETs, in interleaved rounds, each
# proxy pinned to core 0, wrk and nginx to core 1. The node writes a record every second meanwhile.
#
# usage: deploy/compare/haproxy.sh            starts a node from the built distribution (./skein once)
#        deploy/compare/haproxy.sh PORT       compares what listens there, with endpoint 127.0.0.1:18080
# environment: ROUNDS=5 SECONDS_A_ROUND=5 WARM_UP=15 CONNECTIONS=32 FILE=1k (or 64k)
# needs: haproxy nginx wrk taskset curl
# Prints requests per second, and processor time per request, which a busy machine disturbs less.
set -eu
port=${1:-}
rounds=${ROUNDS:-5}
seconds=${SECONDS_A_ROUND:-5}
connections=${CONNECTIONS:-32}
file=${FILE:-1k}
root=$(cd "$(dirname "$0")/../.." && pwd)
PATH=$PATH:/usr/sbin
for tool in haproxy nginx wrk taskset curl; do
  command -v "$tool" >/dev/null || { echo "compare: $tool is not installed" >&2; exit 2; }
done
dir=$(mktemp -d)
pids=
trap 'for p in $pids; do kill "$p" 2>/dev/null || :; done; rm -rf "$dir"' EXIT INT TERM

mkdir "$dir/www"
head -c 1024 /dev/zero | tr '\0' x >"$dir/www/1k"
head -c 65536 /dev/zero | tr '\0' x >"$dir/www/64k"
cat >"$dir/nginx.conf" <<EOF
daemon off; worker_processes 1; pid $dir/nginx.pid; error_log $dir/nginx.log;
events { worker_connections 4096; }
http { access_log off; keepalive_timeout 120; keepalive_requests 100000000;
  client_body_temp_path $dir/b; proxy_temp_path $dir/p; fastcgi_temp_path $dir/f; uwsgi_temp_path $dir/u; scgi_temp_path $dir/s;
  server { listen 127.0.0.1:18080; root $dir/www; } }
EOF
cat >"$dir/haproxy.cfg" <<EOF
global
  nbthread 1
  maxconn 4096
defaults
  mode http
  timeout connect 1s
  timeout client 60s
  timeout server 60s
  option http-keep-alive
  option forwardfor
  http-reuse always
frontend f
  bind 127.0.0.1:18090
  default_backend b
backend b
  server a 127.0.0.1:18080
EOF
chmod 755 "$dir" "$dir/www"
taskset -c 1 nginx -c "$dir/nginx.conf" -e "$dir/nginx.log" & pids="$pids $!"
taskset -c 0 haproxy -q -db -f "$dir/haproxy.cfg" & pids="$pids $!"
haproxy_pid=$!
proxy_pid=${PROXY_PID:-}
if [ -z "$port" ]; then
  port=18091
  cat >"$dir/skein.yaml" <<EOF
services:
  - name: bench
    endpoints:
      - name: nginx
        url: http://127.0.0.1:18080
        owner: self
EOF
  taskset -c 0 "$root/skein" up --name bench --config "$dir/skein.yaml" --data "$dir/data" --window 1s \
    --mesh 127.0.0.1:18100 --api 127.0.0.1:18092 --listen "web=127.0.0.1:$port" >"$dir/proxy.log" 2>&1 & pids="$pids $!"
  proxy_pid=$!
fi

# Processor time of a process in ticks of 10 ms.
ticks() { [ -z "$1" ] && echo 0 || awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"; }

run() {
  taskset -c 1 wrk -t1 -c"$connections" -d"${2}s" "http://127.0.0.1:$1/$file" >"$dir/wrk"
  if grep -q 'Non-2xx\|Socket errors' "$dir/wrk"; then grep 'Non-2xx\|Socket errors' "$dir/wrk" >&2; fi
  awk '/requests in/ { print $1 }' "$dir/wrk" >"$dir/count"
  awk '/Requests\/sec/ { print $2 }' "$dir/wrk"
}
micros() { awk -v t="$(($2 - $1))" '{ printf "%.1f", t * 10000 / $1 }' "$dir/count"; }
median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

tries=0
until curl -fs -o /dev/null "http://127.0.0.1:$port/$file"; do
  tries=$((tries + 1)); [ "$tries" -lt 300 ] || { echo "compare: nothing answers on port $port" >&2; tail -n 5 "$dir/proxy.log" >&2; exit 1; }
  sleep 0.1
done
run "$port" "${WARM_UP:-15}" >/dev/null
run 18090 2 >/dev/null
i=1
while [ "$i" -le "$rounds" ]; do
  a=$(ticks "$haproxy_pid"); h=$(run 18090 "$seconds"); hc=$(micros "$a" "$(ticks "$haproxy_pid")")
  a=$(ticks "$proxy_pid"); p=$(run "$port" "$seconds"); pc=$(micros "$a" "$(ticks "$proxy_pid")")
  echo "$h" >>"$dir/h"; echo "$p" >>"$dir/p.txt"; echo "$hc" >>"$dir/hc"; echo "$pc" >>"$dir/pc"
  awk -v i="$i" -v h="$h" -v p="$p" -v hc="$hc" -v pc="$pc" 'BEGIN {
    printf "round %d: haproxy %.0f/s %.1f us  proxy %.0f/s %.1f us  ratio %.2f\n", i, h, hc, p, pc, p / h }'
  i=$((i + 1))
done
awk -v h="$(median <"$dir/h")" -v p="$(median <"$dir/p.txt")" \
  -v hc="$(median <"$dir/hc")" -v pc="$(median <"$dir/pc")" 'BEGIN {
  printf "median: haproxy %.0f/s %.1f us a request  proxy %.0f/s %.1f us a request  ratio %.2f", h, hc, p, pc, p / h
  if (pc > 0) printf " (by processor time %.2f)", hc / pc
  print "" }'
if [ -f "$dir/data/identity.key" ]; then
  echo "records written meanwhile: $(curl -fs http://127.0.0.1:18092/v1/ledger/heads | sed 's/.*"seq":\([0-9]*\).*/\1/')"
fi
