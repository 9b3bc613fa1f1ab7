"""The prompt cache, and the rendered request that it stands on."""
