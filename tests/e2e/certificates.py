"""Certificates for the end-to-end tests, made by openssl in a folder of the test."""

import subprocess
import time
from pathlib import Path

from servers import expect


def openssl(*words):
    done = subprocess.run(["openssl", *[str(word) for word in words]], capture_output=True, text=True, check=False)
    expect(done.returncode == 0, f"openssl {' '.join(str(word) for word in words)}\n{done.stderr}")


class Authority:
    """Signs certificates. `pem` is its own."""

    def __init__(self, folder, name):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.pem, self.key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        openssl("req", "-x509", "-newkey", "rsa:2048", "-noenc", "-keyout", self.key, "-out", self.pem,
                "-days", 30, "-subj", f"/CN=Authority {name}")

    def sign(self, name, names="", seconds=30 * 86400):
        """A certificate for hosts ("DNS:localhost"); returns the paths of it and of its key."""
        request, key, pem = (self.folder / f"{name}.{kind}" for kind in ("csr", "key", "pem"))
        openssl("req", "-newkey", "rsa:2048", "-noenc", "-keyout", key, "-out", request, "-subj", f"/CN={name}")
        settings = self.folder / f"{name}.cnf"
        settings.write_text(f"""[ca]
default_ca = this
[this]
database = {self.folder}/index
serial = {self.folder}/serial
new_certs_dir = {self.folder}
default_md = sha256
policy = names
unique_subject = no
[names]
commonName = supplied
[hosts]
{f"subjectAltName = {names}" if names else ""}
""", encoding="utf-8")
        (self.folder / "index").touch()
        end = time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + seconds))
        openssl("ca", "-batch", "-config", settings, "-in", request, "-out", pem, "-cert", self.pem,
                "-keyfile", self.key, "-create_serial", "-notext", "-enddate", end, "-extensions", "hosts")
        return pem, key
