"""How large a model is: its parameters and the multiplications of one pass."""

from collections.abc import Sequence

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode


def counts(module: torch.nn.Module, example: Sequence[torch.Tensor]) -> tuple[int, int]:
    """Return the parameters of a module and the multiply-accumulates of one call with an example.

    Counted are convolutions and matrix products, those of attention too, whoever calls them;
    additions of a bias, normalisations and nonlinearities are not. The module is called once, and
    may be on the device ``meta``, where nothing is computed. Raises what the module raises.
    """
    parameters = sum(each.numel() for each in module.parameters())
    counter = FlopCounterMode(display=False)
    fused = torch.backends.mha.get_fastpath_enabled()
    # Fused attention is one operation that torch does not count; taken apart it is two products.
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with torch.no_grad(), sdpa_kernel(SDPBackend.MATH), counter:
            module(*example)
    finally:
        torch.backends.mha.set_fastpath_enabled(fused)
    return parameters, counter.get_total_flops() // 2
