"""The net under pure computation, where no signal can be used: in a thread."""

import threading
import time

from labkit.checks.limits import at_most


def in_a_thread(work):
    """What ``work`` gives in a thread of its own."""
    given = []
    thread = threading.Thread(target=lambda: given.append(work()))
    thread.start()
    thread.join(20)
    return given


def test_the_kits_own_code_is_not_struck():
    """After the limit only a learner's code is stopped: ours finishes what it is doing."""

    def ours():
        with at_most(0.01):
            time.sleep(0.1)
            return "done"

    assert in_a_thread(ours) == ["done"]
