#!/usr/bin/env bash
# base-image.sh: make sure the local base image of the chaos tests exists; idempotent.
#   The image holds a Linux userland with sh, iptables, ip, tc, libfaketime and
#   a Java 25 runtime at /opt/java/openjdk, on PATH as java.
#   1. The tag is there and was made from the same recipe: nothing to do.
#   2. A registry answers (and SKEIN_BASE_OFFLINE is not 1): built from $PUBLIC_BASE.
#   3. Otherwise: debootstrap from Debian's packages, plus a runtime jlinked from
#      $JAVA_HOME (JDK 25; no jmods needed, JEP 493), and docker import.
# Prints the image's name and size. Exit: 0 there; 1 cannot be had (reason on stderr).
# Variables: SKEIN_BASE_IMAGE (skein-base:local), PUBLIC_BASE (eclipse-temurin:25-jre),
#            DEBIAN_SUITE (bookworm), DEBIAN_MIRROR (from apt's sources), WORK (mktemp).
set -euo pipefail
trap 'printf "base-image: line %s failed\n" "$LINENO" >&2' ERR

image=${SKEIN_BASE_IMAGE:-skein-base:local}
public=${PUBLIC_BASE:-eclipse-temurin:25-jre}
suite=${DEBIAN_SUITE:-bookworm}
packages=iptables,iproute2,procps,libfaketime,ca-certificates
modules=java.se,jdk.unsupported,jdk.crypto.ec,jdk.management,jdk.management.agent,jdk.httpserver,jdk.jcmd,jdk.jfr,jdk.net,jdk.zipfs
recipe="1 $suite $packages $modules"

say() { printf 'base-image: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
report() { docker image inspect "$image" --format "$image {{.Size}} bytes {{.Id}}"; }

command -v docker >/dev/null 2>&1 || die "no docker client; run engine-up.sh first"
timeout 10 docker info >/dev/null 2>&1 || die "no Docker engine answers; run engine-up.sh first"

if have=$(docker image inspect "$image" --format '{{index .Config.Labels "skein.recipe"}}' 2>/dev/null) \
    && [ "$have" = "$recipe" ]; then
  report; exit 0
fi

work=${WORK:-$(mktemp -d "${TMPDIR:-/tmp}/skein-base.XXXXXX")}
mkdir -p "$work"
cleanup() { [ -n "${WORK:-}" ] || rm -rf -- "$work"; }
trap cleanup EXIT

if [ "${SKEIN_BASE_OFFLINE:-0}" != 1 ] && timeout 300 docker pull -q "$public" >"$work/pull.log" 2>&1; then
  say "building $image from $public"
  cat >"$work/Dockerfile" <<D
FROM $public
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends ${packages//,/ } && rm -rf /var/lib/apt/lists/*
ENV JAVA_HOME=/opt/java/openjdk PATH=/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LABEL skein.recipe="$recipe"
D
  docker build -q -t "$image" "$work" >/dev/null || die "docker build from $public failed"
  report; exit 0
fi
say "no registry answers: building $image from Debian's packages"

[ "$(id -u)" = 0 ] || die "debootstrap needs root"
if ! command -v debootstrap >/dev/null 2>&1; then
  say "installing debootstrap"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debootstrap; } \
    >"$work/apt.log" 2>&1 || { tail -n 10 "$work/apt.log" >&2; die "apt-get could not install debootstrap"; }
fi

jdk=
for d in "${JAVA_HOME:-}" /usr/lib/jvm/*25*; do
  if [ -x "$d/bin/jlink" ] && grep -q '^JAVA_VERSION="25' "$d/release" 2>/dev/null; then jdk=$d; break; fi
done
[ -n "$jdk" ] || die "no JDK 25 with jlink in JAVA_HOME or /usr/lib/jvm"

mirror=${DEBIAN_MIRROR:-$(sed -n -E 's/^deb( \[[^]]*\])? (https?:[^ ]+) .*/\2/p; s/^URIs: *(https?:[^ ]+).*/\1/p' \
  /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | grep -v security | head -n 1 || true)}
[ -n "$mirror" ] || die "no Debian mirror found in apt's sources; set DEBIAN_MIRROR"
root=$work/rootfs
rm -rf -- "$root"
# jlink needs the CPU while debootstrap waits for downloads: run both at once.
"$jdk/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages --generate-cds-archive \
  --output "$work/jre" >"$work/jlink.log" 2>&1 &
jlink=$!
debootstrap --variant=minbase --include="$packages" "$suite" "$root" "$mirror" \
  >"$work/debootstrap.log" 2>&1 || { tail -n 15 "$work/debootstrap.log" >&2; kill "$jlink" 2>/dev/null || true; die "debootstrap failed"; }
wait "$jlink" || { cat "$work/jlink.log" >&2; die "jlink failed"; }
mkdir -p "$root/opt/java" "$root/data"
mv "$work/jre" "$root/opt/java/openjdk"
rm -rf -- "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale,info} "$root"/var/log/*.log

tar -C "$root" --numeric-owner -c . | docker import \
  --change 'ENV JAVA_HOME=/opt/java/openjdk' \
  --change 'ENV PATH=/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
  --change "LABEL skein.recipe=\"$recipe\"" \
  --change 'CMD ["/bin/sh"]' - "$image" >/dev/null || die "docker import failed"
report
