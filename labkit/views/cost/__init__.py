"""The pictures of the Cost & Latency lab: one module for each."""
