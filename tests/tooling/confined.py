"""Commands in a place that allows less: a folder that cannot be written, no network.

Root is not stopped by permission bits, so a command drops the two rights that let it pass them;
where even that is not allowed, the command's own Python is told to refuse (``REFUSING``).
"""

import ctypes
import os
import shutil
import stat
import subprocess
import sys
from contextlib import contextmanager

DROP_FROM_BOUNDING_SET, DAC_OVERRIDE, DAC_READ_SEARCH = 24, 1, 2

REFUSING = """
import errno, os, sys
FOLDER = os.environ["REFUSE_BELOW"]
may = os.access

def below(path):
    return isinstance(path, (str, bytes)) and os.path.abspath(os.fsdecode(path)).startswith(FOLDER)

def hook(event, arguments):
    if event == "socket.connect" or event == "socket.getaddrinfo":
        if os.environ.get("REFUSE_NETWORK"):
            raise OSError(errno.ENETUNREACH, "Network is unreachable")
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & 0o1103
    if writes or event in ("os.mkdir", "os.rename", "os.remove"):
        if FOLDER and below(arguments[0]):
            raise PermissionError(errno.EACCES, "Permission denied", arguments[0])

sys.addaudithook(hook)
os.access = lambda path, mode, **kw: may(path, mode, **kw) and not (
    FOLDER and mode & os.W_OK and below(path)
)
"""


def obey_permissions():
    """Give up root's right to pass permission bits; nothing changes for anybody else."""
    libc = ctypes.CDLL(None, use_errno=True)
    for right in (DAC_OVERRIDE, DAC_READ_SEARCH):
        libc.prctl(DROP_FROM_BOUNDING_SET, right, 0, 0, 0)


def set_writable(folder, writable):
    """Give or take the right to write a folder and everything in it."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode & ~0o222
            path.chmod(mode | stat.S_IWUSR if writable else mode)


def bits_hold(folder):
    """Whether permission bits stop a command on this machine."""
    probe = [sys.executable, "-c", "open('probe', 'w')"]
    done = subprocess.run(
        probe, cwd=folder, preexec_fn=obey_permissions, capture_output=True, check=False
    )
    (folder / "probe").unlink(missing_ok=True)
    return done.returncode != 0


@contextmanager
def read_only(folder):
    """Inside the block nothing below ``folder`` can be written by what ``run`` starts."""
    set_writable(folder, False)
    try:
        yield {} if bits_hold(folder) else {"REFUSE_BELOW": str(folder)}
    finally:
        set_writable(folder, True)


def without_network():
    """What to put before a command so that it has no network; empty where that is not allowed."""
    cut = [shutil.which("unshare") or "unshare", "-n"]
    try:
        done = subprocess.run([*cut, "true"], capture_output=True, check=False)
    except OSError:
        return []
    return cut if done.returncode == 0 else []


def run(*command, cwd, env, tmp, cut_off=False):
    """A command that obeys permissions, with this environment, and without a network if asked."""
    prefix = without_network() if cut_off else []
    if "REFUSE_BELOW" in env or (cut_off and not prefix):
        site = tmp / "refusing"
        site.mkdir(exist_ok=True)
        (site / "sitecustomize.py").write_text(REFUSING)
        paths = os.pathsep.join(filter(None, [str(site), env.get("PYTHONPATH")]))
        network = "" if prefix or not cut_off else "1"
        env = {"REFUSE_BELOW": "", **env, "PYTHONPATH": paths, "REFUSE_NETWORK": network}
    return subprocess.run(
        [*prefix, *command],
        cwd=cwd,
        env=env,
        preexec_fn=obey_permissions,
        capture_output=True,
        text=True,
        check=False,
    )
