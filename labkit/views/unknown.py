"""The third state, grey and dotted: nobody could tell, nobody is scored."""

from labkit.views.drawing import Drawing, Table
from labkit.views.escape import line, plain_line
from labkit.views.pieces import badge


def could_not_tell(finding: str, happened: str, advice: str) -> Drawing:
    """A drawing of what happened, and what to do about it."""
    rows = (("what happened", line(happened, 400)), ("what to do", line(advice, 400)))
    table = Table(("", "could not tell"), rows, "What happened and what to do")
    return Drawing(finding, unknown_html(happened, advice), table, twin_live=False)


def unknown_html(happened: str, advice: str, *, named: bool = True) -> str:
    """The grey card; its badge is left out where one stands above it."""
    head = f'<p class="lk-known">{badge("na", "could not tell")}</p>' if named else ""
    return (
        f'<div class="lk-verdict na lk-unknown">{head}<p>{plain_line(happened, 400)}</p>'
        f'<p class="lk-q lk-s lk-todo">{plain_line(advice, 400)}</p></div>'
    )
