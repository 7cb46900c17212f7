#!/bin/sh
# Compares a node with other proxies: each pinned to core 0 in turn, load and endpoint to core 1, in
# interleaved rounds. Prints medians, processor time per 1,000 requests, resident memory, and ratios to
# the first contender.
#
# usage: deploy/compare/compare.sh [SCENARIO [CONTENDER…]]      default: 1k haproxy skein
#   scenarios  1k 64k   keep-alive GETs of a file of that size
#              connect  a new connection for each GET of 1 KiB
#              h2       HTTP/2 clients without TLS, HTTP/1.1 endpoint, 1 KiB
#              tcp      the GETs of 1k through a proxy that only relays bytes
#              start    milliseconds from start to the first answer
#              latency  1 KiB GETs at a constant rate of RATE=10000/s in all, due times kept (no coordinated
#                       omission), against the endpoint without a proxy
#              idle     resident memory with IDLE=10000 keep-alive connections open for 12 s
#              pause    the longest pauses of a node's JVM while it starts, and in MINUTES=5 of RATE=10000/s
#                       (one contender: skein)
#   contenders haproxy nginx skein vertx tuned gateway lone meshed epoll uring
#              vertx: its own reverse proxy as its documentation sets it up, all defaults (NIO, five connections
#              to the endpoint); tuned: the same with the native transport, one event loop and 512 connections,
#              which nobody has without asking; gateway: Spring Cloud Gateway; lone and meshed: what a mesh costs,
#              a node with no peers, no receipts, no directory and a record an hour, and one with two peers and
#              all defaults; epoll and uring: nothing but bytes passed on, by either transport of Netty's
# environment: ROUNDS=5 SECONDS_A_ROUND=5 WARM_UP=20 CONNECTIONS=32 SKEIN=./skein
# needs: haproxy nginx wrk taskset curl; h2load for h2; a JDK 25 and Maven for vertx, tuned, gateway, epoll and uring;
# for latency and idle ./mvnw -Dquick -Dmaven.test.skip=true -pl node/benchmarks -am package.
# The node writes a record a second meanwhile, with health checks, metrics and receipts on.
set -eu
scenario=${1:-1k}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- haproxy skein
rounds=${ROUNDS:-5}
seconds=${SECONDS_A_ROUND:-5}
connections=${CONNECTIONS:-32}
warm_up=${WARM_UP:-20}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
skein=${SKEIN:-$root/skein}
PATH=$PATH:/usr/sbin
fail() { echo "compare: $*" >&2; exit 2; }
file=1k
loader=wrk
case $scenario in
  1k | connect | start | tcp | latency | idle | pause) ;;
  64k) file=64k ;;
  h2) loader=h2load ;;
  *) fail "no scenario '$scenario'; see the head of $0" ;;
esac
for tool in nginx "$loader" taskset curl; do
  command -v "$tool" >/dev/null || fail "$tool is not installed"
done
dir=$(mktemp -d)
pids=
stop() { for p in $pids; do kill "$p" 2>/dev/null || :; done; wait 2>/dev/null || :; rm -rf "$dir"; }
trap stop EXIT
trap 'exit 130' INT TERM

mkdir "$dir/www"
head -c 1024 /dev/zero | tr '\0' x >"$dir/www/1k"
head -c 65536 /dev/zero | tr '\0' x >"$dir/www/64k"
temporary() { for t in client_body proxy fastcgi uwsgi scgi; do printf '%s_temp_path %s/%s-%s; ' "$t" "$dir" "$1" "$t"; done; }
cat >"$dir/endpoint.conf" <<EOF
daemon off; worker_processes 1; pid $dir/endpoint.pid; error_log $dir/endpoint.log;
events { worker_connections 16384; }
http { access_log off; keepalive_timeout 120; keepalive_requests 100000000; $(temporary e)
  server { listen 127.0.0.1:18080 backlog=4096; root $dir/www; } }
EOF
chmod 755 "$dir" "$dir/www"
taskset -c 1 nginx -c "$dir/endpoint.conf" -e "$dir/endpoint.log" & pids="$pids $!"

port_of() { case $1 in haproxy) echo 18090 ;; skein) echo 18091 ;; nginx) echo 18093 ;; vertx) echo 18094 ;; gateway) echo 18095 ;; lone) echo 18096 ;; meshed) echo 18097 ;; tuned) echo 18098 ;; epoll) echo 18089 ;; uring) echo 18088 ;; esac; }

start_haproxy() {
  command -v haproxy >/dev/null || fail "haproxy is not installed"
  mode=http h2=
  [ "$scenario" = tcp ] && mode=tcp
  [ "$scenario" = h2 ] && h2='proto h2'
  {
    printf 'global\n  nbthread 1\n  maxconn 9900\ndefaults\n  mode %s\n' "$mode"
    printf '  timeout connect 1s\n  timeout client 60s\n  timeout server 60s\n'
    [ "$mode" = tcp ] || printf '  option http-keep-alive\n  option forwardfor\n  http-reuse always\n'
    printf 'frontend f\n  bind 127.0.0.1:18090 %s\n  default_backend b\n' "$h2"
    printf 'backend b\n  server a 127.0.0.1:18080 check inter 2s\n'
  } >"$dir/haproxy.cfg"
  taskset -c 0 haproxy -q -db -f "$dir/haproxy.cfg" >"$dir/haproxy.log" 2>&1 &
}

start_nginx() {
  h2=
  [ "$scenario" = h2 ] && h2=http2
  if [ "$scenario" = tcp ]; then
    module=
    for m in /usr/lib/nginx/modules/ngx_stream_module.so /usr/share/nginx/modules/ngx_stream_module.so; do
      [ -f "$m" ] && module="load_module $m;"
    done
    body="stream { server { listen 127.0.0.1:18093 backlog=4096; proxy_pass 127.0.0.1:18080; } }"
  else
    module=
    body="http { access_log off; keepalive_timeout 120; keepalive_requests 100000000; $(temporary p)
      upstream b { server 127.0.0.1:18080; keepalive 512; keepalive_requests 100000000; }
      server { listen 127.0.0.1:18093 $h2 backlog=4096; location / { proxy_pass http://b; proxy_http_version 1.1;
        proxy_set_header Connection ''; proxy_set_header X-Forwarded-For \$remote_addr; } } }"
  fi
  cat >"$dir/nginx.conf" <<EOF
$module
daemon off; worker_processes 1; pid $dir/nginx.pid; error_log $dir/nginx.log;
events { worker_connections 16384; }
$body
EOF
  taskset -c 0 nginx -c "$dir/nginx.conf" -e "$dir/nginx.log" &
}

start_skein() {
  if [ "$scenario" = tcp ]; then
    cat >"$dir/skein.yaml" <<EOF
listeners:
  - {name: web, bind: "127.0.0.1:18091", protocol: tcp, service: bench}
services:
  - name: bench
    endpoints:
      - {name: nginx, url: "tcp://127.0.0.1:18080", owner: self}
EOF
  else
    cat >"$dir/skein.yaml" <<EOF
listeners:
  - {name: web, bind: "127.0.0.1:18091"}
services:
  - name: bench
    health: {path: /1k}
    endpoints:
      - {name: nginx, url: "http://127.0.0.1:18080", owner: self}
EOF
  fi
  # On a busy machine the first of 10,000 connections are a minute old before the last is open.
  [ "$scenario" != idle ] || echo 'proxy: {timeouts: {idle: 10m}}' >>"$dir/skein.yaml"
  [ "$scenario" != pause ] || export SKEIN_JVM_OPTS="-Xms36m -Xmn20m -Xmx256m -Xss512k -Xlog:safepoint:file=$dir/pauses:uptime,tags"
  taskset -c 0 "$skein" up --name bench --config "$dir/skein.yaml" --data "$dir/data" --window 1s \
    --mesh 127.0.0.1:18100 --api 127.0.0.1:18092 >"$dir/skein.log" 2>&1 &
}

# node CORE NAME PORT API MESH FLAGS…: becomes one that may do without much of the mesh
node() {
  core=$1 name=$2 port=$3 api=$4 mesh=$5
  shift 5
  {
    printf 'listeners:\n  - {name: web, bind: "127.0.0.1:%s"}\n' "$port"
    if [ "$name" = lone ]; then printf 'receipts: {enabled: false}\nmesh: {directory: false, window: 1h}\n'; fi
    if [ "$name" = lone ] || [ "$name" = meshed ]; then
      printf 'services:\n  - name: bench\n    health: {path: /1k}\n    endpoints:\n'
      printf '      - {name: nginx, url: "http://127.0.0.1:18080", owner: self}\n'
    fi
  } >"$dir/$name.yaml"
  exec taskset -c "$core" "$skein" up --name "$name" --config "$dir/$name.yaml" --data "$dir/$name" --mesh "127.0.0.1:$mesh" \
    --api "127.0.0.1:$api" "$@" >"$dir/$name.log" 2>&1
}
start_lone() { (node 0 lone 18096 18110 18112) & }
start_meshed() { (node 0 meshed 18097 18120 18122) & }
# Two peers of "meshed", on the core of load and endpoint.
befriend() {
  curl -fs -X POST -H 'Content-Type: application/json' -d '{"uses":2,"expiresInSeconds":600}' http://127.0.0.1:18120/v1/invites |
    sed 's/.*"token":"\([^"]*\)".*/\1/' >"$dir/token"
  chmod 600 "$dir/token"
  for n in 3 4; do
    (node 1 "peer$n" 0 "181${n}0" "181${n}2" --seed 127.0.0.1:18122 --token-file "$dir/token") & pids="$pids $!"
  done
  until [ "$(curl -fs http://127.0.0.1:18120/v1/members | grep -o '"state":"alive"' | wc -l)" = 3 ]; do sleep 0.2; done
}

find_java() { [ -n "${java:-}" ] || java=$(. "$root/deploy/launcher/find-jdk.sh"; find_jdk 25)/bin/java; }
open_loop() {
  classes=$root/node/benchmarks/target/classes
  [ -d "$classes" ] || fail "node/benchmarks is not built; see the head of $0"
  find_java
  taskset -c 1 "$java" -XX:+UseSerialGC -Xms256m -Xmn200m -cp "$classes" io.skein.benchmarks.OpenLoop "$@"
}
jvm() {
  if [ ! -f "$here/contenders/target/.built" ] ||
    [ -n "$(find "$here/contenders/src" "$here/contenders/pom.xml" -newer "$here/contenders/target/.built")" ]; then
    (. "$root/deploy/launcher/find-jdk.sh"; JAVA_HOME=$(find_jdk 25 javac); export JAVA_HOME
      mvn -q -B -f "$here/contenders/pom.xml" package) >"$dir/contenders.log" 2>&1 || { cat "$dir/contenders.log" >&2; fail "the contenders do not build"; }
    touch "$here/contenders/target/.built"
  fi
  find_java
  main=$1
  shift
  taskset -c 0 "$java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Xmx512m -XX:+UseSerialGC \
    -cp "$here/contenders/target/contenders-0.jar:$here/contenders/target/lib/*" "$main" "$@" >"$dir/$main-$1.log" 2>&1 &
}
start_vertx() { [ "$scenario" != tcp ] || fail "vertx has no TCP mode here"; jvm io.skein.compare.VertxProxy 18094 18080; }
start_tuned() { [ "$scenario" != tcp ] || fail "tuned has no TCP mode here"; jvm io.skein.compare.VertxProxy 18098 18080 tuned; }
start_epoll() { jvm io.skein.compare.Relay 18089 18080 epoll; }
start_uring() { jvm io.skein.compare.Relay 18088 18080 uring; }
start_gateway() { [ "$scenario" != tcp ] || fail "gateway has no TCP mode"; jvm io.skein.compare.Gateway 18095 18080; }

# Processor time of a process in ticks of 10 ms; resident memory in MiB.
ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"; }
# nginx: its worker does the work
worker() { pgrep -P "$1" 2>/dev/null | head -n 1 || :; }
memory() { awk '/^VmRSS/ { printf "%.0f", $2 / 1024 }' "/proc/$1/status"; }
millis() { date +%s%3N; }
median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

answers() {
  tries=0
  set -- "$1" "$(port_of "$1")" "$2"
  flags=-fs
  [ "$scenario" = h2 ] && flags='-fs --http2-prior-knowledge'
  # shellcheck disable=SC2086
  until curl $flags -o /dev/null "http://127.0.0.1:$2/$file"; do
    tries=$((tries + 1))
    if [ "$tries" -ge 3000 ] || ! kill -0 "$3" 2>/dev/null; then
      tail -n 5 "$dir"/*.log >&2
      fail "$1 does not answer"
    fi
    sleep 0.02
  done
}

# load PORT SECONDS: leaves the number of requests in $dir/count, prints requests per second
load() {
  case $scenario in
    h2)
      taskset -c 1 h2load -t1 -c8 -m8 -D "$2" "http://127.0.0.1:$1/$file" >"$dir/load" 2>&1
      awk '/^requests:/ { if ($10 + $12 > 0) print "failed " $10 ", errored " $12 > "/dev/stderr" }' "$dir/load"
      awk '/^requests:/ { print $8 }' "$dir/load" >"$dir/count"
      awk '/^finished in/ { print $4 }' "$dir/load"
      ;;
    *)
      if [ "$scenario" = connect ]; then
        taskset -c 1 wrk -t1 -c"$connections" -d"${2}s" -H 'Connection: close' "http://127.0.0.1:$1/$file" >"$dir/load"
      else
        taskset -c 1 wrk -t1 -c"$connections" -d"${2}s" "http://127.0.0.1:$1/$file" >"$dir/load"
      fi
      if grep -q 'Non-2xx\|Socket errors' "$dir/load"; then grep 'Non-2xx\|Socket errors' "$dir/load" >&2; fi
      awk '/requests in/ { print $1 }' "$dir/load" >"$dir/count"
      awk '/Requests\/sec/ { print $2 }' "$dir/load"
      ;;
  esac
}

if [ "$scenario" = start ]; then
  for c; do
    i=1
    while [ "$i" -le "$rounds" ]; do
      rm -rf "$dir/data"
      a=$(millis)
      "start_$c"
      p=$!
      answers "$c" "$p"
      echo "$(($(millis) - a))" >>"$dir/$c.ms"
      kill "$p"
      wait "$p" 2>/dev/null || :
      i=$((i + 1))
    done
    echo "$c: $(median <"$dir/$c.ms") ms from start to the first answer (median of $rounds)"
  done
  exit 0
fi

for c; do
  "start_$c"
  eval "pid_$c=$!"
  pids="$pids $!"
done
for c; do
  eval "p=\$pid_$c"
  answers "$c" "$p"
  [ "$c" != meshed ] || befriend
  case $c in
    haproxy) ;;
    nginx) w=$(worker "$p"); [ -z "$w" ] || eval "pid_$c=$w" ;;
  esac
  case $c in haproxy | nginx) s=2 ;; *) s=$warm_up ;; esac
  load "$(port_of "$c")" "$s" >/dev/null
done
if [ "$scenario" = pause ]; then
  since=$(ps -o etimes= -p "$pid_skein")
  open_loop /1k "${RATE:-10000}" 60 "${MINUTES:-5}" "$connections" "$(port_of skein)"
  # Safepoints, everything that stops the whole process, collections of garbage included: their
  # nanoseconds, what for, nanoseconds of it until all threads stood, seconds after the start.
  sed -n 's/^.*\[\([0-9.]*\)s\].*Safepoint "\([A-Za-z0-9]*\)".*Reaching safepoint: *\([0-9]*\) ns.* Total: *\([0-9]*\) ns.*/\4 \2 \3 \1/p' \
    "$dir/pauses" | sort -n >"$dir/sorted"
  pauses() { # NAME CONDITION
    awk "$2" "$dir/sorted" | awk -v name="$1" '{ v[NR] = $1; l[NR] = $0 } END {
      printf "%s: %d pauses; median %.2f ms, longest %.2f ms\n", name, NR, v[int((NR + 1) / 2)] / 1e6, v[NR] / 1e6
      print "  the longest: ms, what for, ms of it until all threads stood, seconds after the start"
      for (i = NR; i > NR - 5 && i > 0; i--) { split(l[i], p, " "); printf "  %6.2f  %s  %.2f  %.1f\n", p[1] / 1e6, p[2], p[3] / 1e6, p[4] } }'
  }
  pauses 'while it started and warmed up' "\$4 < $since"
  pauses "in ${MINUTES:-5} minutes of load" "\$4 >= $since"
  exit 0
fi
if [ "$scenario" = latency ]; then
  ports=18080
  echo "port 18080: the endpoint alone"
  for c; do
    ports="$ports $(port_of "$c")"
    echo "port $(port_of "$c"): $c"
  done
  # shellcheck disable=SC2086
  open_loop /1k "${RATE:-10000}" "$seconds" "$rounds" "$connections" $ports
  exit 0
fi
if [ "$scenario" = idle ]; then
  mkfifo "$dir/end"
  for c; do
    eval "p=\$pid_$c"
    before=$(memory "$p")
    open_loop idle "${IDLE:-10000}" "$(port_of "$c")" <"$dir/end" >"$dir/idle" &
    exec 3>"$dir/end"
    until grep -q idle "$dir/idle"; do
      kill -0 $! 2>/dev/null || fail "$c: the connections do not stay open"
      sleep 0.2
    done
    sleep 12
    echo "$c: $before MiB before, $(memory "$p") MiB with ${IDLE:-10000} idle connections"
    exec 3>&-
    wait $! || :
  done
  exit 0
fi
i=1
while [ "$i" -le "$rounds" ]; do
  printf 'round %d:' "$i"
  for c; do
    eval "p=\$pid_$c"
    a=$(ticks "$p")
    r=$(load "$(port_of "$c")" "$seconds")
    m=$(awk -v t="$(($(ticks "$p") - a))" '{ printf "%.2f", t * 10000 / ($1 > 0 ? $1 : 1) }' "$dir/count")
    echo "$r" >>"$dir/$c.rate"
    echo "$m" >>"$dir/$c.cpu"
    memory "$p" >"$dir/$c.mem"
    printf '  %s %.0f/s %s ms' "$c" "$r" "$m"
  done
  echo
  i=$((i + 1))
done
echo
printf '%-8s  %10s  %16s  %6s  %8s  %12s\n' "$scenario" REQUESTS/S 'CPU MS PER 1,000' MIB 'OF FIRST' 'BY CPU TIME'
first=$1
for c; do
  awk -v c="$c" -v r="$(median <"$dir/$c.rate")" -v m="$(median <"$dir/$c.cpu")" -v b="$(cat "$dir/$c.mem")" \
    -v fr="$(median <"$dir/$first.rate")" -v fm="$(median <"$dir/$first.cpu")" 'BEGIN {
    printf "%-8s  %10.0f  %16.1f  %6d  %8.2f  %12.2f\n", c, r, m, b, r / fr, (m > 0 ? fm / m : 0) }'
done
case " $* " in *' skein '*)
  echo "records the node wrote meanwhile: $(curl -fs http://127.0.0.1:18092/v1/ledger/heads | sed 's/.*"seq":\([0-9]*\).*/\1/')" ;;
esac
