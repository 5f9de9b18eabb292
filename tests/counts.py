"""What is measured on arrival times: rate, variation of gaps, dispersion of counts in windows."""

import numpy as np


def in_windows(times: np.ndarray, width: float) -> np.ndarray:
    """Return the number of arrivals in each whole window from 0 to the last arrival."""
    windows = int(times[-1] // width)
    return np.histogram(times[times < windows * width], np.arange(windows + 1) * width)[0]


def variation(times: np.ndarray) -> float:
    """Return the coefficient of variation of the gaps."""
    gaps = np.diff(times)
    return float(gaps.std() / gaps.mean())


def dispersion(times: np.ndarray, width: float) -> float:
    """Return the variance over the mean of the counts in windows."""
    counts = in_windows(times, width)
    return float(counts.var() / counts.mean())


def dispersion_about(times: np.ndarray, width: float, rate: float) -> float:
    """Return the mean square of the counts about the mean that theory gives, over that mean.

    Unlike `dispersion` it has no bias from the mean of a few windows.
    """
    due = rate * width
    return float(((in_windows(times, width) - due) ** 2).mean() / due)
