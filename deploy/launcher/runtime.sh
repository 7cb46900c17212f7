# shellcheck shell=sh
# Sourced by the launchers, with $home and $JAVA_HOME set: class paths and flags of the JVMs. A start-up
# cache (JEP 483, 514, 515) is accepted only by a JVM with the class path and flags of the one that made
# it, so training and use both take them from here.
# shellcheck disable=SC2034,SC2154

# As libraries for one processor are named after it.
processor=$(uname -m)
case $processor in
  aarch64) processor=aarch_64 ;;
  amd64) processor=x86_64 ;;
esac
native=$home/native/linux-$processor/com/amazon/corretto/crypto/provider
# Without this the library unpacks itself, at each start, to a temporary folder; some are mounted noexec.
unpacked=com.amazon.corretto.crypto.provider.useExternalLib=false
if [ -d "$native" ]; then unpacked=com.amazon.corretto.crypto.provider.useExternalLib=true; fi

# Prints the jars of $home/lib that match the patterns, joined by ':', in an order that no locale changes.
jars() (
  LC_ALL=C
  cd "$home/lib" || exit 1
  joined=
  for pattern in "$@"; do
    # shellcheck disable=SC2231
    for jar in $pattern; do
      # Of a library for one processor, the one that fits: the classes around it have the same names.
      case $jar in
        *-linux-"$processor".jar) ;;
        AmazonCorrettoCryptoProvider-*) continue ;;
      esac
      joined=$joined:$home/lib/$jar
    done
  done
  printf '%s\n' "${joined#:}"
)

node_class_path() { jars '*.jar'; }
cli_class_path() { jars 'skein-cli-*.jar' 'skein-ledger-*.jar' 'jackson-core-*.jar' 'bcprov-*.jar' \
  'AmazonCorrettoCryptoProvider-*.jar'; }
chaos_class_path() { jars 'skein-chaos-*.jar' 'jackson-core-*.jar'; }

# A cache that does not fit (other JDK, other jars) is left unused without a word on standard output.
quiet='-Xlog:disable -Xlog:all=warning,aot=off,cds=off:stderr'

# MetaspaceSize is no reserve, but where the first full collection for classes' sake would come: by
# default twice while a node starts without a cache, 20 ms each, for nothing.
# Netty's events for JDK Flight Recorder would bring its classes with the first buffer, whether it records or not.
# Reflection by native calls: otherwise the first call of each kind has code generated, at each start anew.
node_flags="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:+UseSerialGC \
-XX:+UseCompactObjectHeaders -XX:+ExitOnOutOfMemoryError -XX:TrimNativeHeapInterval=10000 -XX:MetaspaceSize=128m \
-Dio.netty.leakDetection.level=disabled -Dio.netty.jfr.enabled=false -Djdk.reflect.useNativeAccessorOnly=true $quiet"
# The serial collector never changes the young generation by itself but in full collections: a third of -Xms,
# which a connection for each request fills six times a second, at 2 ms each whatever survives.
node_memory='-Xms36m -Xmn20m -Xmx256m -Xss512k'
demo_memory='-Xmx192m -Xss512k'
simulate_memory='-Xms64m -Xmx1g -Xss512k'
cli_flags="--enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:+UseCompactObjectHeaders \
-XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xmx128m -Xss512k $quiet"

# What a cache depends on: the JDK and the jars.
cache_identity() {
  printf '%s\n' "$JAVA_HOME"
  TZ=UTC LC_ALL=C ls -lnL "$JAVA_HOME/release" "$home/lib"
}

# True if training is possible and would bring something.
untrained() {
  [ "${SKEIN_AOT:-on}" = on ] && [ -w "$home" ] || return 1
  [ ! -f "$home/aot/identity" ] || [ "$(cat "$home/aot/identity")" != "$(cache_identity)" ]
}
