#!/usr/bin/env bash
# Installs what only the tests and the measurements need. Safe to run again; changes nothing when all is there.
set -euo pipefail
cd "$(dirname "$0")/.."
. packaging/system-parts.sh

need pulseaudio "command -v pulseaudio" "测试用的声音服务器" "the sound server of the tests"
need pulseaudio-utils "command -v parec" "测试用的录音工具" "records what the tests play"
need icecast2 "command -v icecast2" "测试用的网络电台" "the radio server of the tests"
need snapserver "command -v snapserver" "测试用的同步音箱服务器" "the server of players in step of the tests"
need snapclient "command -v snapclient" "测试用的同步音箱" "the players in step of the tests"
need mosquitto "command -v mosquitto || ls /usr/sbin/mosquitto" "测试用的消息服务器" "the message broker of the tests"
need faketime "command -v faketime" "测试用的时钟" "wrong clocks for the tests"
need alsa-utils "command -v aplay" "对比用的播放工具" "the player that the measurements compare with"
need chromium-headless-shell "command -v chromium-headless-shell || command -v chromium" "测试网页用的浏览器" "the browser of the tests of the page"
need fonts-noto-cjk "fc-list | grep -qi 'noto.*cjk'" "浏览器里的汉字" "the Chinese letters of that browser"
echo "安装测试用的库…… / Installing the libraries of the tests …"
.venv/bin/python -m pip install -q --disable-pip-version-check --no-compile -r requirements-dev.lock &
libraries=$!
install_missing
wait "$libraries"
touch .venv/.complete-tests
