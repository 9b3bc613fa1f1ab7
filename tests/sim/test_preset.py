"""A provider that begins with a memory: batches that last, extra models, empty cursors."""

import json
from pathlib import Path
from typing import Any

import anthropic
import pytest
from sim_world import World, asked

from labkit.errors import ArgumentError
from labkit.sim.preset import load

BATCH = {"id": "message_batch_id", "requests": [{"custom_id": "a", "params": asked()}]}
PRESET = {
    "batches": [BATCH],
    "models": [{"id": "model_id", "display_name": "A model"}, {"id": "other_id"}],
    "empty_cursors": ["after_id", "before_id"],
}


def client_with(tmp_path: Path, preset: object = PRESET) -> anthropic.Anthropic:
    """The client of a provider that begins with a preset."""
    path = tmp_path / "preset.json"
    path.write_text(json.dumps(preset), encoding="utf-8")
    world = World()
    load(world.provider.state, path)
    return world.client()


def problem_with(tmp_path: Path, text: str | bytes) -> str:
    """What is said of a file that cannot be used; the rest of a provider's memory stays empty."""
    path = tmp_path / "preset.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    world = World()
    with pytest.raises(ArgumentError) as refused:
        load(world.provider.state, path)
    assert not world.provider.state.batches
    return str(refused.value).replace(str(path), "FILE")


def test_a_batch_survives_being_canceled_and_deleted(tmp_path: Path) -> None:
    """Every method of the SDK can be tried on it, in any order, again and again."""
    batches = client_with(tmp_path).messages.batches
    for _ in range(2):
        assert batches.delete("message_batch_id").id == "message_batch_id"
        assert batches.cancel("message_batch_id").processing_status == "ended"
        batch = batches.retrieve("message_batch_id")
        assert batch.processing_status == "ended"
        assert batch.request_counts.succeeded == 1
        (result,) = batches.results("message_batch_id")
        assert (result.custom_id, result.result.type) == ("a", "succeeded")
    assert [one.id for one in batches.list()] == ["message_batch_id"]


def test_of_two_batches_with_one_id_the_last_one_is_there(tmp_path: Path) -> None:
    """Like a key that stands twice in a JSON object."""
    other = {"id": "message_batch_id", "requests": [{"custom_id": "b", "params": asked()}]}
    batches = client_with(tmp_path, {"batches": [BATCH, other]}).messages.batches
    (result,) = batches.results("message_batch_id")
    assert result.custom_id == "b"


def test_extra_models_are_listed_and_found(tmp_path: Path) -> None:
    """They come after the catalogue's, and have the name they were given, or their id."""
    models = client_with(tmp_path).models
    assert [one.id for one in models.list(limit=1000)][-2:] == ["model_id", "other_id"]
    assert models.retrieve("model_id").display_name == "A model"
    assert models.retrieve("other_id").display_name == "other_id"


def test_cursors_give_an_empty_page(tmp_path: Path) -> None:
    """Both at once too, which the provider refuses otherwise."""
    client = client_with(tmp_path)
    for page in (
        client.models.list(after_id="after_id", before_id="before_id"),
        client.messages.batches.list(after_id="after_id", before_id="before_id", limit=1),
        client.messages.batches.list(before_id="before_id"),
    ):
        assert (page.data, page.has_more) == ([], False)
    with pytest.raises(anthropic.BadRequestError, match="before_id"):
        client_with(tmp_path, {}).models.list(after_id="after_id", before_id="before_id")


def test_every_key_may_be_left_out(tmp_path: Path) -> None:
    """An empty preset changes nothing."""
    assert client_with(tmp_path, {}).messages.batches.list().data == []


def without(key: str) -> str:
    """A preset whose batch lacks a key."""
    return json.dumps({"batches": [{name: v for name, v in BATCH.items() if name != key}]})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"batches": [],\n"models": [,]}', "FILE, line 2: Expecting value."),
        ("[1, 2]", "FILE, line 1: it holds [1, 2], not an object."),
        (b"\xff\xfe", "FILE is not JSON in UTF-8."),
        ("[" * 100_000, "FILE is not JSON in UTF-8."),
        ('{"batchs": []}', "FILE: 'batchs' is no key."),
        ('{"batches": {}}', "FILE: batches: Input should be a valid list."),
        ('{"batches": ["x"]}', "FILE: batches.0: Input should be an object."),
        (without("id"), "FILE: batches.0.id: Field required."),
        (without("requests"), "FILE: batches.0.requests: Field required."),
        ('{"batches": [{"id": 1}]}', "FILE: batches.0.id: Input should be a valid string."),
        ('{"models": [{}]}', "FILE: models.0.id: Field required."),
        ('{"models": [{"id": "m", "display_name": 1}]}', "FILE: models.0.display_name: "),
        ('{"models": [{"id": "m", "line": "x"}]}', "FILE: models.0.line: Extra inputs"),
        ('{"empty_cursors": [1]}', "FILE: empty_cursors.0: Input should be a valid string."),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, text: Any, says: str) -> None:
    """The error has three parts, and names the line or the key."""
    problem = problem_with(tmp_path, text)
    assert problem.startswith(says)
    assert " The provider cannot begin with it. " in problem
    assert problem.endswith(".")


def test_a_wrong_request_in_a_batch_is_named(tmp_path: Path) -> None:
    """The place of the batch comes first, then the place in it."""
    batch = {**BATCH, "requests": [{"custom_id": "a b", "params": {}}]}
    problem = problem_with(tmp_path, json.dumps({"batches": [batch]}))
    assert problem.startswith("FILE: batches.0, requests.0.custom_id: String should match")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """It names the path and the system's reason."""
    with pytest.raises(ArgumentError, match=r"nowhere.json cannot be read: No such file"):
        load(World().provider.state, tmp_path / "nowhere.json")
