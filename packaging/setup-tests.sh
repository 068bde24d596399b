#!/usr/bin/env bash
# Installs what only the tests and the measurements need. Safe to run again; changes nothing when all is there.
set -euo pipefail
cd "$(dirname "$0")/.."
. packaging/system-parts.sh

need pulseaudio "command -v pulseaudio" "测试用的声音服务器" "the sound server of the tests"
need pulseaudio-utils "command -v parec" "测试用的录音工具" "records what the tests play"
need faketime "command -v faketime" "测试用的时钟" "wrong clocks for the tests"
need alsa-utils "command -v aplay" "对比用的播放工具" "the player that the measurements compare with"
install_missing

echo "安装测试用的库…… / Installing the libraries of the tests …"
.venv/bin/python -m pip install -q --disable-pip-version-check -r requirements-dev.lock
touch .venv/.complete-tests
