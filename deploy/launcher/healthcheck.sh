#!/bin/sh
# healthcheck.sh: is the node in this container ready to take traffic? Exit 0: yes, 1: no.
# The same question as `skein healthcheck`, asked without starting a Java runtime: every few seconds
# that would cost more than the node itself does when idle.
# SKEIN_API_BIND says where the API listens (127.0.0.1:9700).
bind=${SKEIN_API_BIND:-127.0.0.1:9700}
port=${bind##*:}
host=${bind%:*}
case $host in '' | 0.0.0.0 | '[::]') host=127.0.0.1 ;; esac

if command -v bash >/dev/null 2>&1; then
  # shellcheck disable=SC2016
  exec bash -c '
    exec 3<>"/dev/tcp/$1/$2" || exit 1
    printf "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" >&3
    read -r -t 2 _ status _ <&3 || exit 1
    [ "$status" = 200 ]' healthcheck "$host" "$port" 2>/dev/null
elif command -v curl >/dev/null 2>&1; then
  curl -fsS -m 2 -o /dev/null -H 'Host: localhost' "http://$host:$port/readyz" || exit 1
elif command -v wget >/dev/null 2>&1; then
  wget -q -T 2 -O /dev/null --header 'Host: localhost' "http://$host:$port/readyz" || exit 1
else
  "$(dirname -- "$0")/skein" healthcheck --api "http://$host:$port" >/dev/null || exit 1
fi
