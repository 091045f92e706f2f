# Sourced by ./run and ./test: installs the Debian and PyPI packages that are missing.
# Nothing but the Swift toolchain is expected on the machine; run as root.

libraries=(librocksdb-dev libssl-dev libgcrypt20-dev libargon2-dev libsqlite3-dev zlib1g-dev libxlsxwriter-dev libintelrdfpmath-dev pkg-config)

# need PACKAGE... : installs those of the packages that dpkg does not know as installed.
need() {
    local missing=()
    for name in "$@"; do
        dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    echo "Installing: ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# pypi NAME VERSION : installs a package from PyPI into .build/pypi.
pypi() {
    [ -x .build/pypi/bin/pip ] || /usr/bin/python3 -m venv .build/pypi
    .build/pypi/bin/pip install -q --disable-pip-version-check "$1==$2"
}
