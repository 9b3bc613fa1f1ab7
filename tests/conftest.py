"""What holds for every test: nothing leaves the machine, and the same tests find the same."""

import os
import socket

import pytest
from hypothesis import settings

settings.register_profile("same", derandomize=True)
settings.register_profile("new", derandomize=False)
settings.load_profile("new" if os.environ.get("LABKIT_NEW_EXAMPLES") else "same")

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist writes the groups into the names
def pytest_collection_modifyitems(items):
    """A file is run by one process, but for what takes long: that begins first, one by one."""
    for item in items:
        if not item.get_closest_marker("xdist_group"):
            alone, file = item.get_closest_marker("slow"), item.nodeid.partition("::")[0]
            item.add_marker(pytest.mark.xdist_group(item.nodeid if alone else file))
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """A test that would reach beyond this machine fails, with the address in its message."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family != getattr(socket, "AF_UNIX", None) and address[0] not in LOOPBACK:
            raise AssertionError(f"a test tried to reach {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
