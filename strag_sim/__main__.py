"""``python -m strag_sim`` is the command ``strag-sim``."""

from strag_sim.cli import main

main()
