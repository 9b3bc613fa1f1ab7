"""Files: upload, list, refer to, delete; and the answer for what is not simulated."""

import json
import logging
from typing import Any

import anthropic
import pytest
from anthropic import types
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sim_facts import imitates
from sim_world import ANSWER, HEADERS, World, asked, body_of

from labkit import Lab
from labkit.sim import overloaded
from labkit.sim.core import Plan
from labkit.sim.endpoints import files

FILES = "anthropic 2.12.0, resources/files.py"
PATH = "/v1/files"
NOTE = ("notes.txt", b"Returned with a dent.\r\n", "text/plain")
HOUR_S = 3600


def part(name: str, value: bytes, **more: str) -> bytes:
    """One field of a form."""
    named = "".join(f'; {key}="{text}"' for key, text in {"name": name, **more}.items())
    return f"--b\r\nContent-Disposition: form-data{named}\r\n\r\n".encode() + value + b"\r\n"


def form(world: World, *fields: bytes, kind: str = "multipart/form-data; boundary=b") -> Plan:
    """An upload over the wire."""
    headers = {**HEADERS, "content-type": kind}
    return world.post(b"".join(fields) + b"--b--\r\n", path=PATH, headers=headers)


def with_file(file_id: Any, kind: str = "document") -> dict[str, Any]:
    """A request whose last message refers to a file."""
    block = {"type": kind, "source": {"type": "file", "file_id": file_id}}
    content = [block, {"type": "text", "text": "What is wrong with it?"}]
    return asked(messages=[{"role": "user", "content": content}])


@imitates("a file has these keys", source="anthropic 2.12.0, types/file_metadata.py")
@imitates("uploaded files are not downloadable", source="anthropic 2.12.0, types/file_metadata.py")
def test_a_file_is_uploaded() -> None:
    """The metadata says what was sent, and can be asked for again."""
    client = World().client()
    file = client.files.upload(file=NOTE)
    assert set(file.to_dict()) == set(types.FileMetadata.model_fields)
    assert file.id.startswith("file_01")
    assert (file.filename, file.mime_type, file.size_bytes) == ("notes.txt", "text/plain", 23)
    assert file.downloadable is False
    assert file.expires_at is None
    assert client.files.retrieve_metadata(file.id) == file
    assert client.beta.files.retrieve_metadata(file.id).id == file.id


@pytest.mark.parametrize(
    ("given_name", "kind", "kept"),
    [
        ("a/b/notes.txt", "text/plain", "notes.txt"),
        ("c:\\x\\notes.txt", "text/plain", "notes.txt"),
        ('the "best".txt', "text/plain", 'the "best".txt'),
        ("añil.png", "image/png", "añil.png"),
        ("", "application/pdf", "unnamed.pdf"),
        ("", "application/x-odd", "unnamed"),
    ],
)
@imitates(
    "only the last component of a file's name is kept; without a name it is unnamed",
    source="anthropic 2.12.0, types/file_upload_params.py",
)
def test_the_name_of_a_file(given_name: str, kind: str, kept: str) -> None:
    """A name may hold a path, quotation marks, other letters, or nothing."""
    file = World().client().files.upload(file=(given_name, b"x", kind))
    assert file.filename == kept


def test_bytes_without_a_name_are_a_file() -> None:
    """The type of the content is then unknown."""
    file = World().client().files.upload(file=b"--b\r\n\r\nx")
    assert (file.filename, file.mime_type, file.size_bytes) == (
        "unnamed",
        "application/octet-stream",
        8,
    )


@imitates(
    "a file may expire after one hour to ninety days; its metadata stays",
    source="anthropic 2.12.0, types/file_upload_params.py",
)
@imitates(
    "content of an expired file: 404 with file_expired",
    source="anthropic 2.12.0, types/file_expired_error.py",
)
def test_a_file_expires() -> None:
    """Before that it can be referred to, and afterwards its own error says why not."""
    world = World()
    client = world.client()
    file = client.files.upload(file=NOTE, expires_in_seconds=HOUR_S)
    assert file.expires_at is not None
    assert (file.expires_at - file.created_at).total_seconds() == HOUR_S
    assert client.messages.create(**with_file(file.id)).content[0].text == ANSWER
    world.clock.advance(HOUR_S)
    with pytest.raises(anthropic.NotFoundError, match="file_id") as refused:
        client.messages.create(**with_file(file.id))
    assert type(refused.value).__name__ == "FileExpiredError"
    with pytest.raises(anthropic.NotFoundError) as gone:
        client.files.download(file.id)
    assert gone.value.error_code == "file_expired"
    assert client.files.retrieve_metadata(file.id).id == file.id


@imitates(
    "an uploaded file cannot be downloaded: 400 with file_not_downloadable",
    source="anthropic 2.12.0, types/file_not_downloadable_error.py",
)
def test_an_uploaded_file_cannot_be_downloaded() -> None:
    """Only files that a tool has made can."""
    client = World().client()
    file = client.files.upload(file=NOTE)
    with pytest.raises(anthropic.BadRequestError) as refused:
        client.files.download(file.id)
    assert refused.value.error_code == "file_not_downloadable"


@imitates("files are listed in pages with an opaque cursor", source=FILES)
def test_files_are_listed() -> None:
    """The SDK walks through all pages."""
    client = World().client()
    ids = [client.files.upload(file=NOTE).id for _ in range(5)]
    assert len(set(ids)) == 5
    page = client.files.list(limit=2)
    assert str(page.next_page).startswith("page_")
    assert [file.id for file in page] == ids[::-1]
    assert client.files.list(page="page_nobody").data == []


@imitates(
    "files are listed by id on one page; unknown ones are left out",
    source="anthropic 2.12.0, types/file_list_params.py",
)
def test_files_are_listed_by_id() -> None:
    """At most a hundred, and without a page or a limit."""
    client = World().client()
    ids = [client.files.upload(file=NOTE).id for _ in range(3)]
    page = client.files.list(ids=[ids[0], "file_nobody", ids[2]])
    assert [file.id for file in page.data] == [ids[2], ids[0]]
    assert page.next_page is None
    with pytest.raises(anthropic.BadRequestError, match="ids"):
        client.files.list(ids=[f"file_{n}" for n in range(101)])
    with pytest.raises(anthropic.BadRequestError, match="limit"):
        client.files.list(ids=ids, limit=2)


@imitates("a deleted file is gone", source="anthropic 2.12.0, types/deleted_file.py")
def test_a_file_is_deleted() -> None:
    """Whatever is asked of it then, it is not found."""
    client = World().client()
    file = client.files.upload(file=NOTE)
    assert client.files.delete(file.id).to_dict() == {"id": file.id, "type": "file_deleted"}
    for ask in (client.files.retrieve_metadata, client.files.delete, client.files.download):
        with pytest.raises(anthropic.NotFoundError, match=file.id):
            ask(file.id)
    assert client.files.list().data == []


@pytest.mark.parametrize("kind", ["document", "image"])
def test_a_file_that_is_unknown_is_not_found(kind: str) -> None:
    """The refusal names the field and the file."""
    body = body_of(World().post(with_file("file_nobody", kind)))
    assert body["error"]["type"] == "not_found_error"
    where = f"messages.0.content.0.{kind}.source.file_id"
    assert body["error"]["message"] == f"{where}: File not found: file_nobody"


def test_a_file_in_the_result_of_a_tool_is_looked_for() -> None:
    """Blocks inside blocks count too."""
    call = {"type": "tool_use", "id": "toolu_1", "name": "look", "input": {}}
    inner = with_file("file_nobody")["messages"][0]["content"][:1]
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": inner}
    messages = [
        {"role": "user", "content": "Look."},
        {"role": "assistant", "content": [call]},
        {"role": "user", "content": [result]},
    ]
    plan = World().post(asked(messages=messages))
    assert plan.status == 404
    assert (
        "messages.2.content.0.tool_result.content.0.document" in body_of(plan)["error"]["message"]
    )


def test_a_request_of_a_batch_may_refer_to_a_file() -> None:
    """A file that is there when its turn comes is taken; another one fails alone."""
    world = World()
    client = world.client()
    file = client.files.upload(file=NOTE)
    wanted = [
        {"custom_id": "there", "params": with_file(file.id)},
        {"custom_id": "gone", "params": with_file("file_nobody")},
    ]
    batch = client.messages.batches.create(requests=wanted)
    world.clock.advance(24 * HOUR_S)
    results = client.messages.batches.results(batch.id)
    assert {one.custom_id: one.result.type for one in results} == {
        "there": "succeeded",
        "gone": "errored",
    }


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ((), "file"),
        ((part("file", b"x"), part("purpose", b"y")), "purpose"),
        ((part("file", b"x"), part("expires_in_seconds", b"soon")), "expires_in_seconds"),
        ((part("file", b"x"), part("expires_in_seconds", b"3599")), "expires_in_seconds"),
        ((part("file", b"x"), part("expires_in_seconds", b"7776001")), "expires_in_seconds"),
        ((part("file", b"x"), part("expires_in_seconds", b"9" * 5_000)), "expires_in_seconds"),
        ((b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n",), "body"),
        ((b"--b\r\nno blank line\r\n",), "body"),
        ((b"something before --b\r\n",), "body"),
    ],
)
def test_a_form_that_is_none_is_refused(fields: tuple[bytes, ...], field: str) -> None:
    """The refusal names the field, and nothing is kept."""
    world = World()
    plan = form(world, *fields)
    assert plan.status == 400
    assert body_of(plan)["error"]["message"].startswith(f"{field}: ")
    assert body_of(world.post(b"", method="GET", path=PATH))["data"] == []


def test_only_a_form_can_be_uploaded() -> None:
    """Any other kind of content is refused, as is none."""
    for kind in ("", "application/json", "multipart/form-data"):
        plan = form(World(), part("file", b"x"), kind=kind)
        assert plan.status == 400
        assert "content-type" in body_of(plan)["error"]["message"]


@imitates("a file of more than 500 MB is refused with 413", source="docs: errors, 2026-08-22")
def test_a_file_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is the documented one; the test lowers it to spare your memory."""
    assert files.MAX_BODY_BYTES == 500_000_000
    monkeypatch.setattr(files, "MAX_BODY_BYTES", 100)
    assert form(World(), part("file", b"x" * 100)).status == 413


def test_faults_strike_uploads_too() -> None:
    """The SDK repeats the attempt, and the file is there once."""
    lab = Lab(7, faults=[overloaded()])
    lab.client.files.upload(file=NOTE)
    assert len(lab.client.files.list().data) == 1
    assert [(a.call, a.retry, a.outcome) for a in lab.trace] == [
        (1, 0, "529 overloaded_error"),
        (1, 1, "POST /v1/files"),
        (2, 0, "GET /v1/files"),
    ]


def test_the_same_file_has_the_same_id_in_an_equal_lab() -> None:
    """Whatever boundary the form has."""
    one, other = (World().client().files.upload(file=NOTE) for _ in range(2))
    assert one == other


@given(st.binary(max_size=60), st.binary(max_size=200), st.text(max_size=30))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_form_makes_the_provider_fail(value: bytes, junk: bytes, kind: str) -> None:
    """Junk is refused as a request, never a 500 of our own."""
    world = World()
    fine = form(world, part("file", value, filename="x"), b"--b" + junk)
    odd = form(world, junk, kind="multipart/form-data; boundary=" + kind)
    assert {fine.status, odd.status} <= {200, 400}
    json.dumps(body_of(fine))


@pytest.mark.parametrize(
    "path", ["/v1/skills", "/v1/files/file_1/versions", "/v1/agents", "/v1/complete", "/", ""]
)
@imitates("an endpoint that is not there is a not_found_error", source="docs: errors, 2026-08-22")
def test_what_is_not_simulated_says_so(path: str, caplog: pytest.LogCaptureFixture) -> None:
    """The client gets the API's 404, and the log says that it is the simulator's."""
    with caplog.at_level(logging.WARNING, "labkit.sim"):
        plan = World().post(b"", method="GET", path=path)
    assert plan.status == 404
    assert body_of(plan)["error"] == {"type": "not_found_error", "message": "Not found"}
    assert caplog.messages == [f"GET {path} is not simulated: the answer is 404."]
