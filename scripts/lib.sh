# shellcheck shell=bash disable=SC2034 # what is set here is read by the scripts
# lib - what the scripts share: progress, one clear line when something fails, and packages.
# Sourced by bash; not a program.

set -euo pipefail
called_from=$PWD
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
log_dir=$PWD/build/logs

bold='' plain=''
[ ! -t 1 ] || bold=$'\033[1m' plain=$'\033[0m'

say() { printf '%s==>%s %s\n' "$bold" "$plain" "$*"; }
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}
trap 'printf "\nerror: interrupted; the same command goes on from here\n" >&2; exit 130' INT
mkdir -p "$log_dir" 2>/dev/null || die "the logs and what is built need a place in $PWD, which cannot be written"

log_of() { printf '%s/%s.log' "$log_dir" "$(printf '%s' "$1" | tr -c 'a-zA-Z0-9' '-')"; }

# attempt NAME COMMAND...: runs a command with its output in a log, and tells how it went.
attempt() {
    local name=$1 log started=$SECONDS
    log=$(log_of "$name")
    shift
    say "$name"
    # In a shell of its own, so that what this one says when it is interrupted does not go to the log.
    if ! ("$@") >"$log" 2>&1; then
        printf '    failed after %s s\n' "$((SECONDS - started))"
        return 1
    fi
    printf '    done in %s s\n' "$((SECONDS - started))"
}

# step NAME COMMAND...: an attempt whose failure shows the end of the log and stops.
step() {
    attempt "$@" && return
    tail -n 40 "$(log_of "$1")" >&2
    die "$1: failed; all of its output is in $(log_of "$1")"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

packages() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@"; }

# why_not LOG...: the first error that apt tells in these logs, or the last line of the last.
why_not() {
    local reason
    reason=$(cat "$@" | sed -n 's/^E: //p' | head -n 1)
    printf '%s' "${reason:-$(tail -n 1 "${@: -1}")}"
}

# need PACKAGE...: installs what is missing, and does nothing when nothing is.
need() {
    local package missing=() lists="read the package lists" install
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    command -v apt-get >/dev/null || die "this script installs Debian packages; on other systems install: ${missing[*]}"
    [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
        die "installing packages needs root or sudo; as root: apt-get install --no-install-recommends ${missing[*]}"
    # A registry that cannot be read matters only when a package is then missing.
    attempt "$lists" packages -o APT::Update::Error-Mode=any update || true
    install="install ${#missing[@]} packages"
    attempt "$install" packages install -y --no-install-recommends "${missing[@]}" ||
        die "cannot install ${missing[*]}: $(why_not "$(log_of "$lists")" "$(log_of "$install")")"
}

build_packages=(gcc libc6-dev cmake ninja-build pkg-config zlib1g-dev libzstd-dev libarchive-dev libyaml-dev
    libkrb5-dev libssl-dev)

# build PRESET: configures once and builds what has changed.
build() {
    [ -f "build/$1/build.ninja" ] || step "configure $1" cmake --preset "$1"
    step "build $1" cmake --build --preset "$1"
}
