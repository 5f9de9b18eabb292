"""What the papers on collage inference claim; their abstracts give no grid and name no baseline."""

from strag_sim.reproduce.claims import Claim

# A number of two or three digits stands for all that would be rounded to it.
RATIOS = Claim(
    what="p99, baseline over collage",
    paper="reduced by 1.2x to 2x (ICDCS 2020, abstract)",
    low=1.2,
    high=2.0,
)
WORKSHOP = Claim(
    what="p99, baseline over collage",
    paper="reduced by 1.47x (workshop 2019, abstract)",
    low=1.465,
    high=1.475,
    kind="number",
)
FIRST = Claim(
    what="p99, baseline over collage",
    paper="reduced by 1.45x to 2.46x (arXiv v1, abstract)",
    low=1.45,
    high=2.46,
)
VARIANCE = Claim(
    what="variation as variance, baseline over collage",
    paper="reduced by 1.8x to 15x (ICDCS 2020, abstract)",
    low=1.8,
    high=15.0,
)
DEVIATION = Claim(
    what="variation as standard deviation, baseline over collage",
    paper=VARIANCE.paper,
    low=VARIANCE.low,
    high=VARIANCE.high,
)
NINE = Claim(
    what="variation as variance, baseline over collage",
    paper="reduced by 9x (workshop 2019, abstract)",
    low=8.5,
    high=9.5,
    kind="number",
)
NINE_DEVIATIONS = Claim(
    what="variation as standard deviation, baseline over collage",
    paper=NINE.paper,
    low=NINE.low,
    high=NINE.high,
    kind="number",
)
MEAN = Claim(
    what="mean, collage over baseline",
    paper="a slight increase (workshop 2019, abstract); up to 1.1 is our reading of slight",
    low=1.0,
    high=1.1,
)
# Each with the column that it is about, and the power of it.
CLAIMS = (
    (RATIOS, "p99", 1.0),
    (WORKSHOP, "p99", 1.0),
    (FIRST, "p99", 1.0),
    (VARIANCE, "var", 1.0),
    (DEVIATION, "var", 0.5),
    (NINE, "var", 1.0),
    (NINE_DEVIATIONS, "var", 0.5),
    (MEAN, "mean", 1.0),
)
