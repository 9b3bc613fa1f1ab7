"""Many people over simulated hours: what they ask, what they get, what it costs.

traffic(app, users=50, hours=24, pattern="daily") -> Traffic
"""

from labkit.traffic.arrivals import PATTERNS, Pattern
from labkit.traffic.running import traffic
from labkit.traffic.values import Stretch, Traffic, Visit

__all__ = ["PATTERNS", "Pattern", "Stretch", "Traffic", "Visit", "traffic"]
