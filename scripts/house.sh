# Sourced by the scripts beside it: where the project stands, where a build goes, and step lines that tell the time.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
STARTED="${RS4_STARTED:-$(date +%s)}"
export RS4_STARTED="$STARTED"

# A step of the work, with the seconds since the first script began.
step() { printf '==> [%4ds] %s\n' "$(($(date +%s) - STARTED))" "$*"; }
note() { printf '    %s\n' "$*"; }
fail() {
    printf 'error: %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '       %s\n' "$line" >&2; done
    exit 1
}

# Puts `swift` on PATH from the places where toolchains are unpacked; sudo gives a PATH of its own.
find_swift() {
    command -v swift >/dev/null && return 0
    local home candidate
    home="$HOME"
    if [ -n "${SUDO_USER:-}" ]; then home="$(getent passwd "$SUDO_USER" | cut -d: -f6)"; fi
    for candidate in /opt/swift/usr/bin /usr/local/swift/usr/bin /usr/share/swift/usr/bin \
        "$home/.local/share/swiftly/bin" "$home"/swift*/usr/bin /opt/swift*/usr/bin; do
        if [ -x "$candidate/swift" ]; then
            PATH="$candidate:$PATH"
            export PATH
            return 0
        fi
    done
    return 1
}

# The folder a build goes to: .build for Debian's libtorch, a folder of its own for each TORCH_HOME.
build_folder() {
    if [ -n "${TORCH_HOME:-}" ]; then
        printf '%s/.build-torch-%s\n' "$ROOT" "$(printf '%s' "$TORCH_HOME" | cksum | cut -d' ' -f1)"
    else
        printf '%s/.build\n' "$ROOT"
    fi
}

# The Python that drives tests which want packages: RS4_PYTHON, else the environment of scripts/python-environment.
find_python() {
    if [ -n "${RS4_PYTHON:-}" ]; then
        printf '%s\n' "$RS4_PYTHON"
    elif [ -x "$ROOT/.build-python/bin/python" ]; then
        printf '%s\n' "$ROOT/.build-python/bin/python"
    else
        printf 'python3\n'
    fi
}

# Run through sudo, what was written belongs to the person who typed it.
give_back() {
    [ "$(id -u)" -eq 0 ] && [ -n "${SUDO_USER:-}" ] && [ "$SUDO_USER" != root ] || return 0
    local path
    for path in "$@"; do
        [ ! -e "$path" ] || chown -R "$SUDO_USER:" "$path"
    done
}
