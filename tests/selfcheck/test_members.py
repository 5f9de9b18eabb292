"""The ensemble that the check brings as a user would."""

import pytest

from strag_sim.selfcheck.members import Members
from strag_sim.testing import check_policy


def test_members_is_a_policy_as_users_write_them():
    """Both engines agree on it, whatever the plan."""
    check_policy(Members(models=("a", "b", "c"), quorum=2))


@pytest.mark.parametrize("quorum", [0, 4])
def test_a_quorum_that_cannot_be_reached_is_refused(quorum):
    """Of three members there are one to three."""
    with pytest.raises(ValueError, match="at most the number of models"):
        Members(models=("a", "b", "c"), quorum=quorum)
