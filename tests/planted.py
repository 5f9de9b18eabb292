"""What a negative control does: a case passes, and with a fault in its engine it fails."""

import pytest


def fails_its_case(fault, monkeypatch):
    """Assert that a case passes, and no longer once a name of a place is what is broken.

    ``fault`` is ((place, name, broken), case); the case takes the name of an engine.
    """
    (place, name, broken), case = fault

    case("reference")
    monkeypatch.setattr(place, name, broken)
    with pytest.raises(AssertionError):
        case("reference")
