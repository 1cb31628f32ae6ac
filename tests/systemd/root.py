"""The root folder of the machine: Debian 12, and Careerplan as docs/operating/systemd.md installs it."""

import os
import secrets
import shutil
import subprocess
from pathlib import Path

from tests.compose.sources import make_repository
from tests.compose.stand_ins import ROOT
from tests.deploy.units import FOLDER as UNITS

SUITE = "bookworm"
INCLUDE = (
    "systemd,systemd-sysv,dbus,ca-certificates,openssl,curl,procps,tzdata,python3,python3-venv,postgresql,"
    "redis-server,nginx-light"
)
ROLES = """CREATE ROLE careerplan LOGIN PASSWORD '{owner}';
CREATE ROLE careerplan_app LOGIN PASSWORD '{app}';
CREATE DATABASE careerplan OWNER careerplan;
ALTER SYSTEM SET log_error_verbosity = terse;
ALTER SYSTEM SET log_min_error_statement = panic;
SELECT pg_reload_conf();
"""
SINK = """[Service]
ExecStart=/usr/bin/python3 -W ignore -m smtpd -n -c DebuggingServer 127.0.0.1:25
StandardOutput=null
"""


def fetch(folder: Path) -> None:
    """Make the root folder of a Debian, and download wheels for its Python. What is there is kept."""
    debian = folder / "debian"
    if not (debian / "made").exists():
        shutil.rmtree(debian, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        _run("debootstrap", "--variant=minbase", f"--include={INCLUDE}", SUITE, str(debian))
        (debian / "made").touch()
    lock = (ROOT / "requirements.lock").read_bytes()
    known = debian / "var/wheels/lock"
    if known.exists() and known.read_bytes() == lock:
        return
    shutil.rmtree(known.parent, ignore_errors=True)
    known.parent.mkdir()
    shutil.copy("/etc/resolv.conf", debian / "etc/resolv.conf")
    shutil.copy(os.environ.get("PIP_CERT", "/etc/ssl/certs/ca-certificates.crt"), debian / "tmp/ca.pem")
    (debian / "tmp/lock").write_bytes(lock)
    inside = ["chroot", str(debian), "env", "-i", "PATH=/usr/bin:/bin", "PIP_CERT=/tmp/ca.pem"]
    _run(*inside, "python3", "-m", "venv", "/tmp/venv")
    pip = ["/tmp/venv/bin/pip", "download", "-q", "--only-binary=:all:", "--require-hashes"]
    _run(*inside, *pip, "-r", "/tmp/lock", "-d", "/var/wheels")
    known.write_bytes(lock)


def install(folder: Path, versions: tuple[str, str]) -> Path:
    """Do steps 2, 4 and 5 of the manual, and 7 with a certificate of our own. Return the root folder."""
    root = folder / "machine"
    shutil.rmtree(root, ignore_errors=True)
    _run("cp", "-a", str(folder / "debian"), str(root))
    user = ["useradd", "--system", "--home-dir", "/var/lib/careerplan", "--shell", "/usr/sbin/nologin", "careerplan"]
    _run("chroot", str(root), *user)
    sources = make_repository(folder)
    for version in versions:
        _install_release(root, sources, version)
    _install_units(root, root / "opt/careerplan/releases" / versions[0] / "deploy/systemd")
    _write_settings(root)
    _install_proxy(root)
    return root


def _install_release(root: Path, sources: Path, version: str) -> None:
    release = f"/opt/careerplan/releases/{version}"
    place = root / release[1:]
    _run("git", "clone", "-q", "--branch", f"v{version}", str(sources.parent / "repository"), str(place))
    _run("chroot", str(root), "python3", "-m", "venv", f"{release}/.venv")
    pip = [f"{release}/.venv/bin/pip", "install", "-q", "--require-hashes", "--no-index", "--find-links", "/var/wheels"]
    _run("chroot", str(root), *pip, "-r", f"{release}/requirements.lock")
    _run("chroot", str(root), "install", "-d", "-o", "careerplan", "-g", "careerplan", f"{release}/var")


def _install_units(root: Path, units: Path) -> None:
    target = root / "etc/systemd/system"
    for pattern in ("*.service", "*.timer", "*.target"):
        for path in units.glob(pattern):
            shutil.copy(path, target)
    shutil.copytree(units / "careerplan-.service.d", target / "careerplan-.service.d")
    for script in ("careerplan-manage", "careerplan-change"):
        shutil.copy(units / script, root / "usr/local/sbin")
    (target / "sink.service").write_text(SINK)


def _write_settings(root: Path) -> None:
    """Both files, from their examples, with the other programs on the same machine."""
    owner, app, key = (secrets.token_hex(32) for _ in range(3))
    values = {
        "SECRET_KEY": key,
        "DATABASE_URL": f"postgres://careerplan_app:{app}@127.0.0.1:5432/careerplan",
        "REDIS_URL": "redis://127.0.0.1:6379/0",
        "EMAIL_URL": "smtp://127.0.0.1:25",
    }
    (root / "root/roles.sql").write_text(ROLES.format(owner=owner, app=app))
    (root / "etc/careerplan").mkdir()
    _fill_in(root, "careerplan", values)
    _fill_in(root, "owner", {"DATABASE_URL": f"postgres://careerplan:{owner}@127.0.0.1:5432/careerplan"})
    _run("chroot", str(root), "chown", "-R", "root:careerplan", "/etc/careerplan")
    _run("chmod", "-R", "u=rwX,g=rX,o=", str(root / "etc/careerplan"))


def _fill_in(root: Path, name: str, values: dict[str, str]) -> None:
    lines = [line.partition("=") for line in (UNITS / f"{name}.env.example").read_text().splitlines()]
    text = "".join(f"{key}{sign}{values.get(key, value)}\n" for key, sign, value in lines)
    (root / f"etc/careerplan/{name}.env").write_text(text)


def _install_proxy(root: Path) -> None:
    """The configuration of nginx, and a certificate that the machine trusts."""
    place = root / "etc/letsencrypt/live/plan.example.org"
    place.mkdir(parents=True)
    request = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-subj", "/CN=plan.example.org", "-addext", "subjectAltName=DNS:plan.example.org", "-days", "2"]
    _run(*request, *names, "-keyout", str(place / "privkey.pem"), "-out", str(place / "fullchain.pem"))
    shutil.copy(place / "fullchain.pem", root / "usr/local/share/ca-certificates/plan.crt")
    _run("chroot", str(root), "update-ca-certificates")
    shutil.copy(ROOT / "deploy/nginx/careerplan.conf", root / "etc/nginx/sites-enabled/careerplan.conf")
    (root / "etc/nginx/sites-enabled/default").unlink(missing_ok=True)
    with (root / "etc/hosts").open("a") as hosts:
        hosts.write("127.0.0.1 localhost plan.example.org\n")


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr)[-2000:]}")
