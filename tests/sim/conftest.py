"""Settings of the simulated provider's tests."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known that names the source of an imitated behaviour."""
    config.addinivalue_line(
        "markers", "imitates(what, source): the test holds a behaviour of the real API"
    )
