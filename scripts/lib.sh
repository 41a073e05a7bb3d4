# lib - what the scripts share: progress, one clear line when something fails, and packages.
# Sourced by bash; not a program.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
log_dir=${ORTHRUS_LOGS:-build/logs}
mkdir -p "$log_dir"

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "installing packages needs root or sudo; install these by hand: ${*: -1}"
    fi
}

# step NAME COMMAND...: runs a command with its output in a log; on failure shows the end of it and stops.
step() {
    local name=$1 log started
    shift
    log="$log_dir/$(printf '%s' "$name" | tr -c 'a-zA-Z0-9\n' '-').log"
    started=$SECONDS
    say "$name"
    if ! "$@" >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        die "$name failed after $((SECONDS - started)) s; all of its output is in $log"
    fi
    printf '    done in %s s\n' "$((SECONDS - started))"
}

# need PACKAGE...: installs what is missing, and does nothing when nothing is.
need() {
    local missing=()
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
    done
    [ "${#missing[@]}" -eq 0 ] && return
    command -v apt-get >/dev/null || die "this script installs Debian packages; on other systems install: ${missing[*]}"
    step "read the package lists" as_root env DEBIAN_FRONTEND=noninteractive apt-get update
    step "install ${#missing[@]} packages" as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y \
        --no-install-recommends "${missing[@]}"
}

build_packages=(gcc libc6-dev cmake ninja-build pkg-config zlib1g-dev libzstd-dev libarchive-dev libyaml-dev)

# build PRESET: configures once and builds what has changed.
build() {
    [ -f "build/$1/build.ninja" ] || step "configure $1" cmake --preset "$1"
    step "build $1" cmake --build --preset "$1"
}
