# Sourced by the two set-ups: `need` notes a system part that is missing, `install_missing` installs them all at once.

missing=()
need() { # package, test command, what for
  if ! eval "$2" >/dev/null 2>&1; then
    echo "缺少 $1：$3。现在安装。 / $1 is missing ($4): installing it."
    missing+=("$1")
  fi
}
library() { ldconfig -p 2>/dev/null | grep -q "$1" || /sbin/ldconfig -p | grep -q "$1"; }

install_missing() {
  [ "${#missing[@]}" -gt 0 ] || return 0
  local as_root=""
  [ "$(id -u)" = 0 ] || as_root="sudo"
  export DEBIAN_FRONTEND=noninteractive
  $as_root apt-get update -qq
  $as_root apt-get install -y -qq --no-install-recommends "${missing[@]}"
  missing=()
}
