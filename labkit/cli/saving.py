"""What JupyterLab leaves out when it saves a notebook.

A saved widget view has no model to show when the notebook is opened again, and hides the still
picture beside it. ``jupyter_server_config.py`` in labkit/data/jupyter installs this.
"""

from typing import Any

WIDGET = "application/vnd.jupyter.widget-view+json"


def drop_widget_views(model: dict[str, Any], **_: object) -> None:
    """Take widget views out of outputs that have a still form, before the notebook is written."""
    if model.get("type") != "notebook":
        return
    for cell in model["content"].get("cells", ()):
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if "text/html" in data:
                data.pop(WIDGET, None)
