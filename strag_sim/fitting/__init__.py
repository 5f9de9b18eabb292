"""Laws fitted to measured times, and how well each fits."""
