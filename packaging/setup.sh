#!/usr/bin/env bash
# Installs what is missing, and says what and why. Safe to run again; changes nothing when all is there.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
need() { # package, test command, what for
  if ! eval "$2" >/dev/null 2>&1; then
    echo "缺少 $1：$3。现在安装。 / $1 is missing ($4): installing it."
    missing+=("$1")
  fi
}
library() { ldconfig -p 2>/dev/null | grep -q "$1" || /sbin/ldconfig -p | grep -q "$1"; }

need libespeak-ng1 "library libespeak-ng.so.1" "语音引擎" "the speech engine that pyttsx3 drives"
need espeak-ng "command -v espeak-ng" "备用语音引擎" "the spare speech engine, and the check of readings"
need ffmpeg "command -v ffmpeg" "读取录音、测量响度" "reads recordings, measures loudness"
need libportaudio2 "library libportaudio.so.2" "声卡接口" "the door to the sound card"
need libasound2-plugins "ls /usr/lib/*/alsa-lib/libasound_module_pcm_pulse.so" "声卡与声音服务器之间的桥" "joins ALSA and the sound server"
need python3-venv "python3 -c 'import ensurepip, venv'" "程序自己的环境" "the program's own environment"
if [ "${DALABA_FOR_TESTS:-1}" = 1 ]; then
  need pulseaudio "command -v pulseaudio" "测试用的声音服务器" "the sound server of the tests"
  need pulseaudio-utils "command -v parec" "测试用的录音工具" "records what the tests play"
  need faketime "command -v faketime" "测试用的时钟" "wrong clocks for the tests"
fi
if [ "${#missing[@]}" -gt 0 ]; then
  if [ "$(id -u)" = 0 ]; then as_root=""; else as_root="sudo"; fi
  export DEBIAN_FRONTEND=noninteractive
  $as_root apt-get update -qq
  $as_root apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "需要 Python 3.11 或更新的版本。 / Python 3.11 or later is needed; this is $(python3 --version)." >&2
  exit 1
fi
[ -x .venv/bin/python ] || python3 -m venv .venv
echo "安装程序用的库…… / Installing the libraries of the program …"
.venv/bin/python -m pip install -q --disable-pip-version-check -r requirements.lock
.venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
touch .venv/.complete
