"""The pictures of the Reliability lab: one module for each."""

from labkit.views.reliability.refusals import Phone, RefusalScene, Shown, Turn, draw_refusal

__all__ = ["Phone", "RefusalScene", "Shown", "Turn", "draw_refusal"]
