#!/bin/sh
# Makes this machine ready: `setup.sh run` for the service, `setup.sh test` for its tests as well.
#
# Every need is checked for what it is, so nothing is installed that is already here in another form.
# Debian packages that are missing are installed if this may be done without asking (root, or sudo without a
# password); otherwise the command that installs them is printed and nothing is changed.
set -eu
cd "$(dirname "$0")/.."

level=${1:-run}
case $level in run | test) ;; *) echo "usage: $0 run|test" >&2; exit 2 ;; esac

say() { printf '%s\n' "$*" >&2; }
fail() { say "procure: $*"; exit 1; }

# ---- what is needed, and the packages that bring it --------------------------------------------------

find_python() {
    for python in "${PYTHON:-python3.11}" python3 python3.12 python3.13 python3.14; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && return
    done
    python=""
}

venv_package() {
    case $(command -v "$python") in
        */python3.*) echo "$python-venv" ;;
        *) echo python3-venv ;;
    esac
}

has_venv() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }
has_library() { "$python" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1" 2>/dev/null; }
has_time_zones() { "$python" -c 'import zoneinfo; zoneinfo.ZoneInfo("Asia/Tokyo")' 2>/dev/null; }
has_program() { "$python" tests/harness/programs.py "$1" >/dev/null 2>&1; }

has_font() {
    for folder in /usr/share/fonts /usr/local/share/fonts "${HOME:-/root}/.fonts" "${HOME:-/root}/.local/share/fonts"; do
        [ -z "$(find "$folder" -iname "$1" 2>/dev/null | head -n 1)" ] || return 0
    done
    return 1
}

find_missing() {
    missing=""
    find_python
    if [ -z "$python" ]; then
        missing="python3 python3-venv"
        return
    fi
    need "$(venv_package)" has_venv
    need tzdata has_time_zones
    need libpango-1.0-0 has_library libpango-1.0.so.0
    need libpangoft2-1.0-0 has_library libpangoft2-1.0.so.0
    need libharfbuzz-subset0 has_library libharfbuzz-subset.so.0
    need fonts-morisawa-bizud-gothic has_font 'BIZUD*Gothic*'
    need fonts-noto-cjk has_font 'NotoSansCJK*'
    [ "$level" = test ] || return 0
    need poppler-utils has_program poppler
    need postgresql has_program postgresql
    need libreoffice-calc has_program libreoffice
    need libreoffice-writer-nogui has_program libreoffice-writer
    need libatomic1 has_library libatomic.so.1 # for the node that playwright brings
    [ -z "${PROCURE_TEST_CHROMIUM-}" ] || has_program chromium || fail "PROCURE_TEST_CHROMIUM names no program"
    chromium_is_a_snap || need chromium has_program chromium
}

need() {
    package=$1
    shift
    "$@" || missing="$missing $package"
}

# Ubuntu's chromium package only starts a snap, which cannot be driven from a test.
chromium_is_a_snap() { grep -qs '^ID=ubuntu' /etc/os-release; }

# ---- packages ----------------------------------------------------------------------------------------

install_missing() {
    command -v apt-get >/dev/null || fail "this machine has no apt-get. Install what these Debian packages hold:$missing"
    if ! may_be_root; then
        say "procure: packages are missing. Run this as root, then try again:"
        say "    apt-get update && apt-get install --no-install-recommends -y$missing"
        exit 1
    fi
    say "Installing$missing"
    apt_get update || say "procure: the package lists could not be brought up to date; trying all the same"
    # shellcheck disable=SC2086  # one word for each package
    apt_get install --no-install-recommends -y $missing || fail "apt-get could not install$missing"
}

may_be_root() {
    if [ "$(id -u)" = 0 ]; then
        as_root="env"
    else
        as_root="sudo -n env"
        sudo -n true 2>/dev/null
    fi
}

# Says what apt-get said only where it failed.
apt_get() {
    log=$(mktemp)
    if $as_root DEBIAN_FRONTEND=noninteractive apt-get -qq "$@" </dev/null >"$log" 2>&1; then
        rm -f "$log"
    else
        cat "$log" >&2
        rm -f "$log"
        return 1
    fi
}

# ---- the virtual environment -------------------------------------------------------------------------

is_usable() { .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# What .venv holds: its level, where it stands, and what it was made from.
wanted() { echo "$1 $PWD $(.venv/bin/python --version) $(cat pyproject.toml constraints.txt | cksum)"; }

is_current() {
    [ -f .venv/made-from ] || return 1
    made=$(cat .venv/made-from)
    [ "$made" = "$(wanted test)" ] || { [ "$level" = run ] && [ "$made" = "$(wanted run)" ]; }
}

install_python_packages() {
    is_usable || { rm -rf .venv && "$python" -m venv .venv; }
    ! is_current || return 0
    say "Installing Python packages into .venv"
    rm -f .venv/made-from
    extras=""
    [ "$level" = run ] || extras="[dev]"
    pip_install setuptools
    pip_install --no-build-isolation -e ".$extras"
    wanted "$level" >.venv/made-from
}

pip_install() {
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt "$@" </dev/null >&2 ||
        fail "pip could not install the packages of constraints.txt; its message stands above."
}

# Where apt has no Chromium that can be driven, playwright brings one.
install_chromium() {
    ! has_program chromium || return 0
    say "Installing Chromium through playwright"
    if may_be_root; then
        $as_root "$PWD/.venv/bin/playwright" install-deps chromium </dev/null >&2 || say "procure: going on without"
    fi
    .venv/bin/playwright install chromium </dev/null >&2 || fail "playwright could not install Chromium. Install \
Chromium or Google Chrome in another way (not as a snap) and name the program in PROCURE_TEST_CHROMIUM."
}

find_missing
if [ -n "$missing" ]; then
    install_missing
    find_missing
    [ -n "$python" ] || fail "Python 3.11 or later is needed, and this system's packages have none; name one in PYTHON."
    [ -z "$missing" ] || fail "still missing after the installation:$missing"
fi
install_python_packages
[ "$level" = run ] || install_chromium
