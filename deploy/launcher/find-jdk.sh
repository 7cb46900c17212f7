# shellcheck shell=sh
# Sourced by the launchers. find_jdk VERSION [TOOL] prints the home of a JDK of that feature version
# that has bin/TOOL (java if not given): JAVA_HOME, then the java on PATH, then the usual folders.
# Says what to install if there is none.
find_jdk() {
  for candidate in "${JAVA_HOME:-}" "$(java_home_of_path)" /usr/lib/jvm/* /opt/java/* /opt/jdk* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-/nonexistent}"/.sdkman/candidates/java/*; do
    if [ ! -x "$candidate/bin/${2:-java}" ] || [ ! -r "$candidate/release" ]; then continue; fi
    while IFS= read -r line; do
      case $line in
        "JAVA_VERSION=\"$1\"" | "JAVA_VERSION=\"$1."*)
          printf '%s\n' "$candidate"
          return 0
          ;;
      esac
    done <"$candidate/release"
  done
  echo "skein: no JDK $1 found (looked at JAVA_HOME, PATH, /usr/lib/jvm, /opt)." >&2
  echo "skein: install one, for example Debian's openjdk-$1-jdk or Temurin's temurin-$1-jdk, or set JAVA_HOME." >&2
  return 1
}

java_home_of_path() {
  java_path=$(command -v java 2>/dev/null) || return 0
  java_path=$(readlink -f "$java_path" 2>/dev/null) || return 0
  printf '%s\n' "${java_path%/bin/java}"
}
