#!/bin/sh
# Install what the tests need beside Python, where root on Debian can: a Chromium with a Chinese font; and on a CI
# machine nginx, for the proof of the production set-up (elsewhere it would start serving on port 80).
# Tests whose program is still missing say so themselves, and fail under CI=true.

missing=""
for name in "$CHROMIUM" chromium chromium-browser google-chrome; do
    [ -n "$name" ] && command -v "$name" >/dev/null && chromium=found
done
[ -n "$chromium" ] || missing="chromium fonts-noto-cjk"
[ "$CI" != true ] || [ -x /usr/sbin/nginx ] || missing="$missing nginx-light"

if [ -n "$missing" ] && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "Installing for the tests: $missing"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 (a list of packages)
    { apt-get -qq update && apt-get -qq install -y --no-install-recommends $missing; } >/dev/null </dev/null \
        || echo "That failed; tests without it go on."
fi
