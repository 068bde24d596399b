"""A speech service on this machine, spoken by espeak-ng, that goes wrong as it is told."""

import io
import json
import subprocess
import tempfile
import threading
import wave
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from broadcaster.render.reading import read_any
from broadcaster.voices.pinyin_text import espeak_text

NATURAL = 170
"""espeak-ng's rate at a speed of 1."""


class SpeechServer(ThreadingHTTPServer):
    """``wrong`` holds what happens to the next requests, in order; then all is well."""

    daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.wrong = []
        self.asked = []
        self.ends = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/v1/audio/speech"

    def stop(self):
        self.ends.set()
        self.shutdown()
        self.server_close()
        self._thread.join()

    def handle_error(self, request, client_address):
        pass  # a client that hangs up in the middle is what is tested here


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, dict(self.headers), body))
        wrong = self.server.wrong.pop(0) if self.server.wrong else None
        if wrong is None:
            self.send(spoken(body))
        elif isinstance(wrong, int):
            self.send(b'{"error": "no"}', status=wrong, kind="application/json")
        else:
            wrong(self, body)

    def send(self, data, *, status=200, kind="audio/wav", length=None, more=()):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data) if length is None else length))
        for name, value in more:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def spoken(body, kind="wav"):
    """What a good service answers."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "out.wav"
        rate = round(NATURAL * body["speed"])
        text = espeak_text(read_any(body["input"]).syllables)
        line = ["espeak-ng", "-v", "cmn-latn-pinyin", "-s", str(rate), "-w", str(file), "--stdin"]
        subprocess.run(line, input=text, text=True, check=True)
        if kind != "wav":
            other = file.with_suffix(f".{kind}")
            subprocess.run(["ffmpeg", "-v", "error", "-i", file, other], check=True, stdin=subprocess.DEVNULL)
            file = other
        return file.read_bytes()


def silence(seconds):
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((1, 2, 24_000, 0, "NONE", ""))
        out.writeframes(bytes(2 * int(24_000 * seconds)))
    return file.getvalue()
