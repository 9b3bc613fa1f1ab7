"""JupyterLab's settings in the kit's own environment; `tasks.py` puts this file there."""

from labkit.cli.saving import drop_widget_views

c = get_config()  # noqa: F821 - Jupyter gives it
c.FileContentsManager.pre_save_hook = drop_widget_views
