#!/bin/sh
# What testssl.sh says about a listener's TLS with default settings, once with an RSA and once with an ECDSA
# certificate: grade, and what lowers it. A grade of A is the best there is without Strict-Transport-Security,
# which is for the services behind a listener to say (A+). Succeeds if both are A.
#
# usage: deploy/compare/tls-grade.sh [rsa] [ec]
# environment: SKEIN=./skein OUT= (a folder for the whole reports; default: they are thrown away)
# needs: testssl (Debian: testssl.sh) openssl
set -eu
[ $# -gt 0 ] || set -- rsa ec
here=$(cd "$(dirname "$0")" && pwd)
skein=${SKEIN:-$(cd "$here/../.." && pwd)/skein}
fail() { echo "tls-grade: $*" >&2; exit 2; }
testssl=$(command -v testssl || command -v testssl.sh) || fail "testssl.sh is not installed"
command -v openssl >/dev/null || fail "openssl is not installed"
dir=$(mktemp -d)
pids=
stop() { for p in $pids; do kill "$p" 2>/dev/null || :; done; wait 2>/dev/null || :; rm -rf "$dir"; }
trap stop EXIT
trap 'exit 130' INT TERM
out=${OUT:-$dir/reports}
mkdir -p "$out"
# A CA of our own, which testssl is told to trust: whom a certificate comes from is not what is graded.
openssl req -x509 -newkey rsa:2048 -nodes -days 90 -subj /CN=skein-test-ca -addext basicConstraints=critical,CA:TRUE \
  -addext keyUsage=critical,keyCertSign,cRLSign -keyout "$dir/ca.key" -out "$dir/ca.pem" 2>/dev/null
certificate() {
  case $1 in
    rsa) openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$dir/$1.key" ;;
    ec) openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$dir/$1.key" ;;
    *) fail "no kind of certificate '$1'" ;;
  esac
  openssl req -new -key "$dir/$1.key" -subj /CN=localhost -out "$dir/$1.csr"
  printf '%s\n' subjectAltName=DNS:localhost,IP:127.0.0.1 extendedKeyUsage=serverAuth keyUsage=critical,digitalSignature \
    basicConstraints=critical,CA:FALSE >"$dir/$1.ext"
  openssl x509 -req -in "$dir/$1.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -CAcreateserial -days 89 \
    -extfile "$dir/$1.ext" -out "$dir/$1.crt" 2>/dev/null
  cat "$dir/ca.pem" >>"$dir/$1.crt"
}
port() { case $1 in rsa) echo 18443 ;; *) echo 18444 ;; esac; }
{
  echo "node: {name: graded, data: $dir/data}"
  echo "mesh: {bind: 127.0.0.1:0, forward: 127.0.0.1:0}"
  echo "api: {bind: 127.0.0.1:18442}"
  echo "listeners:"
  for kind in "$@"; do
    certificate "$kind"
    echo "  - {name: $kind, bind: 127.0.0.1:$(port "$kind"), tls: {certificates: [{cert-file: $dir/$kind.crt, key-file: $dir/$kind.key}]}}"
  done
  # Nobody is there: that it answers 502 does not matter to what is graded.
  echo "services: [{name: none, hosts: [localhost], endpoints: [{name: a, url: http://127.0.0.1:9}]}]"
} >"$dir/skein.yaml"
"$skein" up --config "$dir/skein.yaml" >"$dir/skein.log" 2>&1 & pids=$!
for kind in "$@"; do
  i=0
  until openssl s_client -connect "127.0.0.1:$(port "$kind")" </dev/null >/dev/null 2>&1; do
    i=$((i + 1)); [ $i -lt 300 ] || { cat "$dir/skein.log" >&2; fail "the node does not listen"; }
    sleep 0.2
  done
done
# testssl 3.0 does not grade itself: by SSL Labs' rules (Server Rating Guide 2009q) the grade is A if the weighted score
# is 80 at least and nothing caps it, and what caps it are findings of medium severity and worse. Versions score
# (best + worst) / 2 with 100 for TLS 1.3 and 95 for 1.2; keys of 2048 bits RSA or 256 bits EC 90; ciphers of 128 and 256 bits
# (80 + 100) / 2: 0.3 x 97.5 + 0.3 x 90 + 0.4 x 90 = 92. Findings about the certificate's origin are this test's own.
worst=0
for kind in "$@"; do
  rm -f "$out/$kind.csv"
  "$testssl" --quiet --color 0 --warnings off --ip one --add-ca "$dir/ca.pem" --csvfile "$out/$kind.csv" -p -s -f -P -S -U \
    "localhost:$(port "$kind")" >"$out/$kind.txt" 2>&1 </dev/null || :
  [ -s "$out/$kind.csv" ] || { cat "$out/$kind.txt" >&2; fail "testssl did not finish"; }
  awk -F'","' -v kind="$kind" '
    { sub(/^"/, "", $1) }
    $1 ~ /^(cert_revocation|cert_chain_of_trust|cert_trust|cert_crlDistributionPoints|cert_ocspURL|OCSP_stapling|DNS_CAArecord|cert_notBefore|cert_notAfter|cert_expirationStatus|certificate_transparency|intermediate_cert.*)/ { next }
    $1 ~ /^(SSLv2|SSLv3|TLS1|TLS1_1)$/ && $5 !~ /not offered/ { old = 1 }
    $1 == "TLS1_2" || $1 == "TLS1_3" { spoken = spoken " " $1 ($5 ~ /^offered/ ? "" : " not") }
    { findings++ }
    $4 ~ /^(LOW|MEDIUM|HIGH|CRITICAL|FATAL|WARN)$/ { print "  " $4 " " $1 ": " $5 }
    $4 ~ /^(MEDIUM|HIGH|CRITICAL|FATAL)$/ { caps++ }
    END {
      good = findings > 40 && !old && !caps && spoken ~ /TLS1_2/ && spoken ~ /TLS1_3/ && spoken !~ /not/
      print kind ": grade " (good ? "A" : "less than A") ", " findings " findings, " caps + 0 " of them cap it;" spoken
      exit !good
    }' "$out/$kind.csv" || worst=1
done
exit $worst
