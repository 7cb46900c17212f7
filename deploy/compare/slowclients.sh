#!/bin/sh
# Attacks a node with slow clients (slowhttptest) and asks meanwhile, with a fresh connection each time,
# whether others are served. Prints for each attack how many of the fresh requests were answered 200
# within one second, and when the attack was over: before its time if the node had closed every connection.
#
# usage: deploy/compare/slowclients.sh [ATTACK…]      default: headers body read range
#   headers  -H  slowloris: a head that never ends           body   -B  a body of a byte now and then
#   read     -X  an answer that is hardly taken              range  -R  a Range of very many pieces
# environment: CONNECTIONS=2000 SECONDS_EACH=40 SKEIN=./skein URL= (of a running node; default: starts one)
# needs: slowhttptest nginx curl
set -eu
[ $# -gt 0 ] || set -- headers body read range
connections=${CONNECTIONS:-2000}
seconds=${SECONDS_EACH:-40}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
skein=${SKEIN:-$root/skein}
PATH=$PATH:/usr/sbin
fail() { echo "slowclients: $*" >&2; exit 2; }
for tool in slowhttptest nginx curl; do command -v "$tool" >/dev/null || fail "$tool is not installed"; done
ulimit -n 16384 2>/dev/null || ulimit -n "$(ulimit -Hn)"
dir=$(mktemp -d)
pids=
stop() { for p in $pids; do kill "$p" 2>/dev/null || :; done; wait 2>/dev/null || :; rm -rf "$dir"; }
trap stop EXIT
trap 'exit 130' INT TERM
url=${URL:-}
if [ -z "$url" ]; then
  mkdir "$dir/www"
  head -c 1024 /dev/zero | tr '\0' x >"$dir/www/small"
  head -c 4194304 /dev/zero | tr '\0' x >"$dir/www/large"
  temporary() { for t in client_body proxy fastcgi uwsgi scgi; do printf '%s_temp_path %s/%s; ' "$t" "$dir" "$t"; done; }
  # The endpoint stands for another machine: bounded send buffers, lest its share of this kernel's TCP memory is what fails.
  cat >"$dir/endpoint.conf" <<EOF
daemon off; worker_processes 1; pid $dir/endpoint.pid; error_log $dir/endpoint.log;
events { worker_connections 8192; }
http { access_log off; $(temporary) client_body_timeout 600; send_timeout 600;
  server { listen 127.0.0.1:18180 backlog=4096 sndbuf=64k; root $dir/www;
    location /upload { client_max_body_size 64m; proxy_pass http://127.0.0.1:18180/small; } } }
EOF
  chmod 755 "$dir" "$dir/www"
  nginx -c "$dir/endpoint.conf" -e "$dir/endpoint.log" & pids="$pids $!"
  cat >"$dir/skein.yaml" <<EOF
node: {name: slow, data: $dir/data}
mesh: {bind: 127.0.0.1:0, forward: 127.0.0.1:0}
api: {bind: 127.0.0.1:18182}
listeners: [{name: web, bind: 127.0.0.1:18181}]
services: [{name: files, hosts: [localhost], endpoints: [{name: a, url: http://127.0.0.1:18180}]}]
EOF
  "$skein" up --config "$dir/skein.yaml" >"$dir/skein.log" 2>&1 & pids="$pids $!"
  url=http://127.0.0.1:18181
  i=0
  until curl -sf -o /dev/null -H 'Host: localhost' "$url/small"; do
    i=$((i + 1)); [ $i -lt 300 ] || { cat "$dir/skein.log" >&2; fail "the node does not serve"; }
    sleep 0.2
  done
fi
echo "attack   connections  fresh  served within 1 s  share      longest ms  attack over after"
worst=0
for attack in "$@"; do
  case $attack in
    headers) options="-H -i 5 -x 24 -t GET -u $url/small" ;;
    body) options="-B -i 5 -s 65536 -x 10 -t POST -u $url/upload" ;;
    read) options="-X -w 512 -y 1024 -n 5 -z 32 -k 1 -u $url/large" ;;
    range) options="-R -t HEAD -a 10 -b 3000 -u $url/large" ;;
    *) fail "no attack '$attack'" ;;
  esac
  # shellcheck disable=SC2086
  slowhttptest -c "$connections" -r 500 -l "$seconds" -p 3 $options >"$dir/$attack.log" 2>&1 & attacker=$!
  pids="$pids $attacker"
  sleep 1
  : >"$dir/$attack.fresh"
  while kill -0 $attacker 2>/dev/null; do
    curl -s -o /dev/null -m 1 -H 'Host: localhost' -w '%{http_code} %{time_total}\n' "$url/small" >>"$dir/$attack.fresh" || :
    sleep 0.02
  done
  wait $attacker || :
  over=$(sed 's/\x1b\[[0-9;]*m//g' "$dir/$attack.log" | awk '/^Test ended on/ { t = $4 + 0 " s" } /^Exit status:/ { sub(/^Exit status: */, ""); w = $0 } END { print t ": " w }')
  awk -v attack="$attack" -v n="$connections" -v over="$over" '
    { fresh++; if ($1 == 200 && $2 < 1) good++; if ($2 > most) most = $2 }
    END { printf "%-8s %11d %6d %18d %6.2f %% %15.0f  %s\n", attack, n, fresh, good, fresh ? 100 * good / fresh : 0, most * 1000, over
          exit !(fresh && good >= 0.999 * fresh) }' "$dir/$attack.fresh" || worst=1
done
exit $worst
