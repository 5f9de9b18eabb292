"""Fits of the shipped profiles rank as measured tails do."""

from verification import fits


def test_the_mixture_is_nearest_and_the_shifted_exponential_overstates(capsys):
    """In most of the measured profiles; the table is printed."""
    assert fits.main() == 0

    assert "the mixture is the nearest parametric law in" in capsys.readouterr().out
