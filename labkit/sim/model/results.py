"""What tools gave back, in words."""

import json

from labkit.sim.model.scene import Block, Scene, text_of
from labkit.sim.reply import Reply, RuleFired


def told(scene: Scene) -> Reply | None:
    """What the results say."""
    if not scene.results:
        return None
    failed = any(one.get("is_error") for one in scene.results)
    said = " ".join(filter(None, map(readable, scene.results))) or "nothing"
    text = f"That did not work: {said}" if failed else said
    rule = RuleFired("tool-answer", f"{len(scene.results)} tool results came back and were told")
    return scene.say(text if text[-1:] in ".!?" else f"{text}.", [], rule)


def text_of_result(result: Block) -> str:
    """The text of a tool's result."""
    content = result.get("content") or ""
    return content if isinstance(content, str) else text_of(content)


def as_json(text: str) -> object:
    """The text read as JSON; None where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def readable(result: Block) -> str:
    """A tool's result as a sentence: the fields of JSON, or the text itself."""
    text = text_of_result(result)
    read = as_json(text)
    if isinstance(read, dict):
        return "; ".join(f"{key.replace('_', ' ')}: {value}" for key, value in read.items())
    return text.strip() if read is None else str(read)
