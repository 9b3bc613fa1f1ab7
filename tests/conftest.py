"""What holds for every test: nothing leaves the machine, and the same tests find the same."""

import os
import socket

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

settings.register_profile("same", derandomize=True)
settings.register_profile("new", derandomize=False)
settings.load_profile("new" if os.environ.get("LABKIT_NEW_EXAMPLES") else "same")

ONE_BY_ONE = ("test_papermill.py", "test_bytes.py", "test_nbgrader.py")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Units(LoadScopeScheduling):
    """A file is run by one process; what takes long is given out test by test."""

    def _split_scope(self, nodeid):
        file = nodeid.partition("::")[0]
        return nodeid if file.endswith(ONE_BY_ONE) else file


def pytest_xdist_make_scheduler(config, log):
    """Who runs what."""
    return Units(config, log)


def pytest_collection_modifyitems(items):
    """What takes long begins first: the rest fills the time of whoever has nothing left of it."""
    items.sort(key=lambda item: not item.nodeid.partition("::")[0].endswith(ONE_BY_ONE))


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """A test that would reach beyond this machine fails, with the address in its message."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family != getattr(socket, "AF_UNIX", None) and address[0] not in LOOPBACK:
            raise AssertionError(f"a test tried to reach {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
