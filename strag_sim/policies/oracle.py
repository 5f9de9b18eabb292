"""The clairvoyant bound: how soon each request could be answered by the best of the others."""

from dataclasses import dataclass

from strag_sim.policies.shape import After, Recovery, Shape, own_recoveries, own_tasks


@dataclass(frozen=True, kw_only=True)
class Oracle:
    """Bound each request by the best that a policy of the scenario could do for it.

    That is the least time that it would take under any of the other policies, on the same draws,
    if no task waited and each were served by the best worker. It runs on nothing, so it costs
    nothing; a policy's time over the oracle's is its regret.
    """

    def shape(self) -> Shape:
        """Return the shape of a request alone; it is never simulated, those of the others are."""
        return Shape(1, own_tasks(1), own_recoveries(1))


def why_unbounded(shape: Shape) -> str:
    """Return why idle workers might delay an answer of this shape; "" where they cannot.

    Only then is what happens with idle workers a bound of what happens with busy ones. Every shape
    of the kinds that come with the simulator is fine.
    """
    if any(_may_be_met_early(recovery, shape) for recovery in shape.recoveries):
        return "own tasks alone may meet a recovery before all whom it answers have arrived"
    # Of alternatives each is looked at, whatever became of the others; and one that is not sent any
    # more would only have brought what is there.
    later = [
        j
        for j, task in enumerate(shape.tasks)
        if isinstance(task.release, After) and task.alternative is None
    ]
    listed = [{r for r, rule in enumerate(shape.recoveries) if j in rule.tasks} for j in later]
    if any(not after <= before for before, after in zip(listed, listed[1:], strict=False)):
        return "a later task is not sent once an earlier one of another recovery is not needed"
    if shape.together and (later or len(shape.tasks) == shape.own):
        return "a group that completes together must send some task when it is full, none later"
    return ""


def _may_be_met_early(recovery: Recovery, shape: Shape) -> bool:
    """Could own tasks meet the recovery while its group fills, with some request left for it?

    A recovery answers when a task of it is credited, and only who has arrived by then.
    """
    own = {task for task in recovery.tasks if task < shape.own}
    if len(own) < recovery.threshold:
        return False
    alone = {r.tasks[0] for r in shape.recoveries if r.tasks == r.answers and len(r.tasks) == 1}
    return len(own) > recovery.threshold or not set(recovery.answers) <= own & alone
