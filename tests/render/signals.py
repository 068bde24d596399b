"""Signals made in the tests, and ffmpeg's own meter to judge by."""

import re
import subprocess

import numpy as np

RATE_HZ = 48_000


def sine(seconds, *, hz=1000.0, dbfs=-20.0, phase=0.0, rate_hz=RATE_HZ):
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    return (10 ** (dbfs / 20) * np.sin(2 * np.pi * hz * t + phase)).astype(np.float32)


def silence(seconds):
    return np.zeros(round(seconds * RATE_HZ), dtype=np.float32)


def speechlike(seconds, *, seed=1, dbfs=-20.0, rate_hz=RATE_HZ):
    """Noise in syllables: four a second, of different strength, with short gaps."""
    noise = np.random.default_rng(seed)
    count = round(seconds * rate_hz)
    t = np.arange(count) / rate_hz
    strength = 10 ** (noise.uniform(-10, 0, int(seconds * 4) + 1) / 20)
    envelope = np.maximum(0, np.sin(2 * np.pi * 2 * t)) ** 0.5 * strength[(t * 4).astype(int)]
    carrier = np.convolve(noise.standard_normal(count), np.hanning(24), "same")
    sound = envelope * carrier
    return (sound / np.max(np.abs(sound)) * 10 ** (dbfs / 20)).astype(np.float32)


def measured_by_ffmpeg(pcm):
    """Integrated loudness in LUFS and true peak in dBTP, as ffmpeg's ebur128 says, both to 0.1."""
    line = ["ffmpeg", "-nostdin", "-hide_banner", "-f", "s16le", "-ar", str(RATE_HZ), "-ac", "1", "-i", "-"]
    line += ["-af", "ebur128=peak=true", "-f", "null", "-"]
    told = subprocess.run(line, input=bytes(pcm), capture_output=True, check=True).stderr.decode()
    summary = told[told.rindex("Summary:") :]
    loudness, peak = re.search(r"I: +(\S+) LUFS", summary), re.search(r"Peak: +(\S+) dBFS", summary)
    return float(loudness[1]), float(peak[1])
