"""The library's assistant twice: as on its first day, and composed of the building blocks.

    prototype = Prototype(model)             latch = Latch(model, ledger=UsageLedger())
    lab.evaluate(prototype.answer, cases)    lab.evaluate(latch.answer, cases)

Both take a client and a question, or a talk, and give the text that a person reads; so both are
apps for ``evaluate``, ``contrast`` and ``traffic``. They run unchanged against the real API.
"""

from labkit.assistant.production import Latch, Told
from labkit.assistant.prototype import Prototype

__all__ = ["Latch", "Prototype", "Told"]
