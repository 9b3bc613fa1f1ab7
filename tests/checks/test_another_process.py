"""The check of R2 shows a fingerprint another `hash`, and leaves no trace."""

import hashlib

from labkit import check
from labkit.evals import needs_eval


def salted(config):
    """A fingerprint that differs in every process."""
    return str(hash(str(sorted(config))))


def test_a_salted_hash_is_found_and_the_module_is_as_it_was():
    """The hint names the second process; `hash` is no name of this module afterwards."""
    verdict = check("R2", salted, needs_eval)
    assert verdict.misconception == "another-process"
    assert "hash" not in globals()


def test_a_module_with_a_hash_of_its_own_keeps_it():
    """Whoever has called a function of theirs `hash` is not judged by another one."""
    names = {"sha256": hashlib.sha256, "hash": lambda text: 7}
    exec("def own(config): return sha256(b'%d' % hash(config)).hexdigest()", names)
    own = names["hash"]
    verdict = check("R2", names["own"], needs_eval)
    assert verdict.misconception == "forgets-a-part"
    assert names["hash"] is own
