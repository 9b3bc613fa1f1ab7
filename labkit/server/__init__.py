"""The simulated provider on loopback HTTP, for other languages, other clients and workshops.

    socket -> PatientProtocol (uvicorn) -> ProviderApp -> Provider.plan() -> frames -> socket

It is the same provider as in a lab: the same requests get the same bytes.
"""

from labkit.server.app import ProviderApp
from labkit.server.clock import ServerClock
from labkit.server.fault_words import read_faults
from labkit.server.listening import LOOPBACK, Server, listen

__all__ = ["LOOPBACK", "ProviderApp", "Server", "ServerClock", "listen", "read_faults"]
