"""The engines: from a plan to its outcome, each the same to the last bit."""
