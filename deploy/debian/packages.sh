# Sourced by ./run and ./test: makes sure that programs are installed.

say() { printf '%s\n' "$*"; }

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# The .NET SDK that global.json asks for.
need_sdk() {
  command -v dotnet >/dev/null || fail "The .NET SDK 10 is not installed: install the package dotnet-sdk-10.0, or see https://dot.net/download."
  local version
  version=$(cd "$root" && dotnet --version 2>/dev/null) || version="only $(dotnet --list-sdks 2>/dev/null | cut -d' ' -f1 | paste -sd' ' -)"
  case $version in
    10.*) ;;
    *) fail "The .NET SDK 10 is needed and $version is installed: install the package dotnet-sdk-10.0, or see https://dot.net/download." ;;
  esac
}

# Whether any of the given programs is there.
have() {
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null && return 0
    [ -x "/usr/sbin/$program" ] && return 0
  done
  return 1
}

have_postgres() {
  local candidate
  for candidate in /usr/lib/postgresql/*/bin/postgres; do
    [ -x "$candidate" ] && return 0
  done
  have postgres && have initdb
}

# Names of the Debian packages of the sandbox's servers that are not there.
missing_servers() {
  have_postgres || echo postgresql
  have redis-server || echo redis-server
  { have prometheus && have promtool; } || echo prometheus
  have prometheus-alertmanager alertmanager || echo prometheus-alertmanager
  have prometheus-postgres-exporter postgres_exporter || echo prometheus-postgres-exporter
  have prometheus-redis-exporter redis_exporter || echo prometheus-redis-exporter
}

# Installs Debian packages, as root or through sudo, without starting the services in them.
install_packages() {
  [ $# -gt 0 ] || return 0
  local as_root=()
  if ! have apt-get; then
    fail "Not installed: $*. Install them (the names are Debian's), or run it all in a container: docker compose -f deploy/compose.yaml up"
  fi
  if [ "$(id -u)" -ne 0 ]; then
    have sudo || fail "Not installed: $*. Install them as root: apt-get install --no-install-recommends $*"
    as_root=(sudo)
  fi

  say "Installing: $*"
  local policy=/usr/sbin/policy-rc.d log
  log=$(mktemp)
  # The sandbox runs servers of its own: those of the packages shall not take their ports.
  local ours=
  if [ ! -e $policy ]; then
    trap '"${as_root[@]}" rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee $policy >/dev/null
    "${as_root[@]}" chmod +x $policy
    ours=yes
  fi
  local status=0
  { "${as_root[@]}" apt-get update -q &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"; } >"$log" 2>&1 </dev/null || status=$?
  if [ -n "$ours" ]; then
    "${as_root[@]}" rm -f $policy
    trap - EXIT
  fi
  if [ $status -ne 0 ]; then
    tail -n 15 "$log" >&2
    fail "apt-get could not install $*: see above."
  fi
  rm -f "$log"
}
