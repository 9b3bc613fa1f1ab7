"""The warm-up of C12: one line in three right forms, and each misconception three ways."""

CODE = "C12-warmup"
ENDS = ("end_turn", "stop_sequence")


def branches(held, stop_reason):
    """The same with branches."""
    if stop_reason not in ENDS:
        return ""
    return held


RIGHT = [
    lambda held, stop_reason: held if stop_reason in ENDS else "",
    lambda held, stop_reason: held * (stop_reason in {*ENDS}),
    lambda held, stop_reason: {"end_turn": held, "stop_sequence": held}.get(stop_reason, ""),
    branches,
]
WRONG = {
    "loses-the-last": [
        lambda held, stop_reason: "",
        lambda held, stop_reason: held if held.endswith(".") else "",
        lambda held, stop_reason: held if stop_reason == "message_stop" else "",
    ],
    "none-is-done": [
        lambda held, stop_reason: held,
        lambda held, stop_reason: held if (stop_reason or "end_turn") in ENDS else "",
        lambda held, stop_reason: "" if stop_reason in {"refusal", "max_tokens"} else held,
    ],
    "cut-is-done": [
        lambda held, stop_reason: held if stop_reason else "",
        lambda held, stop_reason: "" if stop_reason in {None, "refusal"} else held,
        lambda held, stop_reason: held if stop_reason in {*ENDS, "max_tokens"} else "",
    ],
    "shows-refused": [
        lambda held, stop_reason: "" if stop_reason in {None, "max_tokens"} else held,
        lambda held, stop_reason: held if stop_reason in {*ENDS, "refusal"} else "",
        lambda held, stop_reason: held if stop_reason and "max" not in stop_reason else "",
    ],
    "one-end": [
        lambda held, stop_reason: held if stop_reason == "end_turn" else "",
        lambda held, stop_reason: held if (stop_reason or "").startswith("end") else "",
        lambda held, stop_reason: {"end_turn": held}.get(stop_reason, ""),
    ],
    "trusts-the-unknown": [
        lambda held, stop_reason: "" if stop_reason in {None, "max_tokens", "refusal"} else held,
        lambda held, stop_reason: (
            held if stop_reason not in [None, "max_tokens", "refusal"] else ""
        ),
        lambda held, stop_reason: {None: "", "max_tokens": "", "refusal": ""}.get(
            stop_reason, held
        ),
    ],
    "raises": [
        lambda held, stop_reason: {"end_turn": held, "stop_sequence": held}[stop_reason.lower()],
        lambda held, stop_reason: {**dict.fromkeys(ENDS, held)}[stop_reason],
        lambda held, stop_reason: held if stop_reason.startswith(("end", "stop")) else "",
    ],
    "returns-nothing": [
        lambda held, stop_reason: print(held),
        lambda held, stop_reason: None,
        lambda held, stop_reason: held if stop_reason in ENDS else None,
    ],
}
