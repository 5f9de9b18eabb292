"""What holds for all tests: Hypothesis draws the same examples each time, in its own time."""

from hypothesis import settings

# Derandomized: a change fails or passes the same tests everywhere. No deadline: the first example
# of a test may compile the engine.
settings.register_profile("strag-sim", derandomize=True, deadline=None)
settings.load_profile("strag-sim")
