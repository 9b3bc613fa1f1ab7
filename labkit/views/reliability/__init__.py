"""The pictures of the Reliability lab: one module for each."""
