"""A CSV of one's own: read as a spreadsheet writes it, and refused with the line."""

from decimal import Decimal

import pytest

from labkit.cost import read_outcomes
from labkit.errors import ArgumentError

HEADER = "id,tier,ok,cost_usd,seconds"
ROWS = ["q1,fast,true,0.001,0.5", "q1,frontier,yes,0.01,3", "q2,fast,0,0.001,0.5",
        "q2,frontier,TRUE,0.01,3.5"]  # fmt: skip


@pytest.fixture
def file(tmp_path):
    """Writes a file and gives its path."""

    def write(*lines, encoding="utf-8", end="\n"):
        path = tmp_path / "mine.csv"
        path.write_bytes(end.join(lines).encode(encoding))
        return path

    return write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_csv_is_read_as_spreadsheets_write_it(file, encoding, end):
    """With a byte order mark or without, and with either end of line."""
    found = read_outcomes(file(HEADER, *ROWS, "", encoding=encoding, end=end))
    assert found.right("fast") == {"q1": True, "q2": False}
    assert found.point("frontier").cost_usd == Decimal("0.01")
    assert found.tasks == ("answers",)


def test_a_path_may_be_a_text(file):
    """As one types it."""
    assert len(read_outcomes(str(file(HEADER, *ROWS))).rows) == 4


def test_columns_may_stand_in_any_order_with_others_between(file):
    """Capitals and spaces in the header do not matter; what nobody reads is left out."""
    path = file(
        " Seconds ,note,OK,tier,ID,cost_usd,task,prompt_tokens,output_tokens,escalated",
        '2,"a, b",1,fast,q1,0.1,topic,1200.0,30,yes',
        "2,,,fast,q2,0.1,topic,,,",
    )
    first, second = read_outcomes(path).rows
    assert (first.task, first.prompt_tokens, first.output_tokens) == ("topic", 1200, 30)
    assert (first.escalated, second.escalated) == (True, False)
    assert (second.ok, second.prompt_tokens) == (None, 0)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([""], "mine.csv is empty. No outcome was read. Begin it with id,tier,ok"),
        (["", "  ", ""], "mine.csv is empty"),
        ([HEADER], "has a header and no row"),
        (ROWS, "line 1 has no column id. No outcome was read. "),
        (["id,tier,ok,cost,seconds", *ROWS], "no column cost_usd.*Did you mean 'cost'"),
        ([f"{HEADER},ok", *ROWS], "has the column ok twice"),
        (["id;tier;ok;cost_usd;seconds", "q1;fast;1;0,1;2"], "line 1 has no commas"),
        (["id\ttier\tok\tcost_usd\tseconds"], "line 1 has no commas"),
        ([HEADER, ROWS[0], "q2,fast,true,0.1"], "line 3 has 4 cells, and the header 5"),
        ([HEADER, "q1,fast,true,0,1,2"], "line 2 has 6 cells.*comma inside a cell"),
        ([HEADER, "q1,fast,right,0.1,2"], "line 2 has 'right' as ok.*true or false"),
        ([HEADER, "q1,fast,true,$0.1,2"], r"line 2 has '\$0.1' as cost_usd.*without a unit"),
        ([HEADER, "q1,fast,true,,2"], "line 2 has '' as cost_usd"),
        ([HEADER, "q1,fast,true,0.1,nan"], "line 2 has 'nan' as seconds"),
        ([HEADER, "q1,fast,true,-0.1,2"], "mine.csv, line 2: cost_usd is -0.1"),
        ([HEADER, ",fast,true,0.1,2"], "mine.csv, line 2: id is ''"),
        ([f"{HEADER},prompt_tokens", "q1,fast,1,0.1,2,1.5"], "has '1.5' as prompt_tokens"),
        ([f"{HEADER},escalated", "q1,fast,1,0.1,2,maybe"], "has 'maybe' as escalated"),
        ([HEADER, ROWS[0], ROWS[0]], "mine.csv: 'q1' comes 2 times on fast"),
        ([HEADER, *ROWS[:3]], "mine.csv: frontier has no outcome for 'q2'"),
        ([HEADER, 'q1,"fast,true,0.1,2'], "is no CSV"),
        ([HEADER, 'q1,"fa\nst",true,0.1,2', "q2,fast,no way,1,2"], "line 4 has 'no way'"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(file, lines, words):
    """And with what to do; the folder is nobody's business."""
    with pytest.raises(ArgumentError, match=words) as caught:
        read_outcomes(file(*lines))
    assert str(file().parent) not in str(caught.value)


def test_what_is_no_text_is_refused(file, tmp_path):
    """Another encoding, a folder, no file, no path."""
    with pytest.raises(ArgumentError, match=r"is not UTF-8.*Save it as CSV UTF-8"):
        read_outcomes(file(HEADER, "q1,fast,é,1,2", encoding="utf-16"))
    with pytest.raises(ArgumentError, match=r"missing.csv cannot be read: No such file"):
        read_outcomes(tmp_path / "missing.csv")
    with pytest.raises(ArgumentError, match="cannot be read: Is a directory"):
        read_outcomes(tmp_path)
    with pytest.raises(ArgumentError, match="cannot be read"):
        read_outcomes("a\0b")
    for odd in (None, "", 7):
        with pytest.raises(ArgumentError, match="path is"):
            read_outcomes(odd)
