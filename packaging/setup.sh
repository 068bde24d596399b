#!/usr/bin/env bash
# Installs what is missing, and says what and why. Safe to run again; changes nothing when all is there.
set -euo pipefail
cd "$(dirname "$0")/.."

. packaging/system-parts.sh

need libespeak-ng1 "library libespeak-ng.so.1" "语音引擎" "the speech engine that pyttsx3 drives"
need espeak-ng "command -v espeak-ng" "备用语音引擎" "the spare speech engine, and the check of readings"
need ffmpeg "command -v ffmpeg" "读取录音、测量响度、送网络音柱" "reads recordings, measures loudness, feeds horns on the network"
need libportaudio2 "library libportaudio.so.2" "声卡接口" "the door to the sound card"
need libpulse0 "library libpulse.so.0" "声音服务器的接口" "the door to the sound server"
need libasound2-plugins "ls /usr/lib/*/alsa-lib/libasound_module_pcm_pulse.so" "声卡与声音服务器之间的桥" "joins ALSA and the sound server"
need fonts-wqy-zenhei "ls /usr/share/fonts/truetype/wqy/wqy-zenhei.ttc" "登记本 PDF 里的汉字" "the Chinese letters of the printed books"
need openssl "command -v openssl" "给网页做证书" "makes certificates for the page"
need python3-venv "python3 -c 'import ensurepip, venv'" "程序自己的环境" "the program's own environment"
install_missing

if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "需要 Python 3.11 或更新的版本。 / Python 3.11 or later is needed; this is $(python3 --version)." >&2
  exit 1
fi
[ -x .venv/bin/python ] || python3 -m venv .venv
echo "安装程序用的库…… / Installing the libraries of the program …"
.venv/bin/python -m pip install -q --disable-pip-version-check --no-compile -r requirements.lock
.venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
# All cores at once, where pip takes one. The service cannot do it later: it may not write where the program lies.
.venv/bin/python -m compileall -q -j 0 .venv/lib broadcaster webui
touch .venv/.complete
