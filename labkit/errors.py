"""Everything labkit raises.

``LabkitError`` derives from ``anthropic.AnthropicError``: the SDK lets those through untouched,
while any other exception raised below it becomes a connection error and is retried
(anthropic 2.12.0, ``_base_client.py``, ``_attempt_request``).
"""

import anthropic


class LabkitError(anthropic.AnthropicError):
    """Something labkit cannot do; the message says what follows and what to do."""


class ArgumentError(LabkitError, ValueError):
    """An argument has a value that labkit cannot use."""


class CaseDataError(LabkitError):
    """A data file is wrong; the message names the file and the line."""


class SimulatorError(LabkitError):
    """The simulated provider cannot go on: a bug of ours, or a script that ended too early."""


class NetworkBlockedError(LabkitError):
    """A request tried to leave the process while the provider is simulated."""


class OutOfBudget(BaseException):
    """An answer used up its attempts, its tool calls or its simulated seconds."""
