"""From a model's reply to timed bytes: limits, thinking, tokens, usage, wire."""
