"""The warm-up of R2: one line in three right forms, and each misconception three ways."""

import json
from pprint import pformat

CODE = "R2-warmup"


def right(config):
    """JSON with sorted keys."""
    return json.dumps(config, sort_keys=True)


RIGHT = [
    right,
    lambda config: json.dumps(config, sort_keys=True, indent=2, ensure_ascii=False),
    lambda config: pformat(config, width=1_000, sort_dicts=True),
]
WRONG = {
    "order-counts": [
        str,
        json.dumps,
        lambda config: str(sorted((key, str(value)) for key, value in config.items())),
    ],
    "leaves-out": [
        lambda config: "".join(sorted(str(config))),
        lambda config: str(sorted(config)),
        lambda config: " ".join(right(config).split()),
        lambda config: right({"prompt": config["prompt"]}),
    ],
    "not-a-text": [
        lambda config: right(config).encode(),
        lambda config: sorted(config.items(), key=str),
        lambda config: dict(sorted(config.items())),
    ],
    "raises": [
        lambda config: "".join(config.values()),
        lambda config: json.dumps(config, sorted_keys=True),
        json.loads,
    ],
    "returns-nothing": [
        lambda config: None,
        lambda config: print(right(config)),
        lambda config: config.update(config),
    ],
}
