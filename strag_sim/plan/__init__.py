"""From a policy's setup and the number of a run to a plan: every random number is drawn here.

Each purpose has a stream of its own, laid out by request or by (group, redundant task), or for
slowness by worker, and never by the order of events. So every policy sees the same arrivals, the
same own sizes, the same slow workers and the same luck, and a run can be repeated alone.
"""

from strag_sim.plan.drawing import draw

__all__ = ["draw"]
