#!/usr/bin/env bash
# Installs what `make bench` measures the station against.
set -euo pipefail
cd "$(dirname "$0")/.."
. packaging/system-parts.sh

need alsa-utils "command -v aplay" "对比用的播放工具" "the player that the measurements compare with"
need liquidsoap "command -v liquidsoap" "对比用的电台软件" "the radio software that the measurements compare with"
need wrk "command -v wrk" "给网页加压的工具" "asks pages as fast as they come"
install_missing

# In an environment of its own: it needs other versions of what the station uses.
if [ ! -x .venv/wapiti/bin/wapiti ]; then
  python3 -m venv .venv/wapiti
  .venv/wapiti/bin/python -m pip install -q --disable-pip-version-check wapiti3==3.2.3
fi
