"""Certificates for tests, made by the program openssl."""

import shutil
import ssl
import subprocess

import pytest

needs_openssl = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="openssl is not installed; packaging/setup.sh installs it"
)
EVERY_NAME = "subjectAltName=DNS:localhost,IP:127.0.0.1"


def pair(folder, name="page", *, days=90, authority=None, more=()):
    """(certificate, key) as files; signed by *authority*, another pair, or by itself."""
    pem, key = folder / f"{name}.pem", folder / f"{name}.key"
    line = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    line += ["-days", str(days), "-subj", f"/CN={name}", "-addext", EVERY_NAME, "-keyout", key, "-out", pem, *more]
    if authority is not None:
        line += ["-CA", authority[0], "-CAkey", authority[1], "-addext", "basicConstraints=critical,CA:FALSE"]
    subprocess.run(line, check=True, capture_output=True)
    return pem, key


def trusting(certificate):
    """What a browser that trusts *certificate* speaks TLS with."""
    return ssl.create_default_context(cafile=certificate)
