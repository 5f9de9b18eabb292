"""What a request carries: bytes on the way to workers and back, and time of who encodes it."""

from dataclasses import dataclass
from typing import Literal

from strag_sim.codes import Code
from strag_sim.codes.costs import Rates, decode_time, encode_time
from strag_sim.policies.shape import Policy, Shape

Number = Literal["float32", "float16"]
WIDTHS: dict[Number, int] = {"float32": 4, "float16": 2}
# Bytes of one number of a result: decoding needs float32, and a result is short.
RESULT_WIDTH = 4
COSTS = ("encode_flops", "decode_flops", "resizes", "sent")  # what a code must be able to say
CODED = ("collage", "parity", "coded")  # roles whose tasks compute a mixture of inputs


@dataclass(frozen=True)
class Payload:
    """What one request carries.

    Parameters
    ----------
    numbers : int
        Of the array that an input is when it is encoded: 150,528 for 3 x 224 x 224.
    bytes : int
        Of the plain input as it travels, such as a compressed image.
    answers : int
        Numbers of the result of one input.
    precision : str
        Of the numbers of an encoded input on the way to its worker.
    """

    numbers: int
    bytes: int
    answers: int
    precision: Number = "float32"

    def sent(self, shape: Shape, code: Code | None) -> tuple[int, ...]:
        """Return the bytes sent to each task of a full group, resends last.

        Own tasks, copies, hedges and resends take the plain input. What is encoded travels as
        numbers of the precision, as many as the code says; where no code is known, as many as an
        input has. A worker that encodes for itself takes all plain inputs of the group.
        """
        of_code = dict(zip(_coded(shape), code.sent(self.numbers), strict=True)) if code else {}
        width = WIDTHS[self.precision]

        def of_task(place: int) -> int:
            task = shape.tasks[place]
            if task.encodes:
                return shape.requests * self.bytes
            if task.role not in CODED:
                return self.bytes
            return width * of_code.get(place, self.numbers)

        resends = shape.requests if shape.resend else 0
        return (*map(of_task, range(len(shape.tasks))), *[self.bytes] * resends)

    def returned(self, shape: Shape) -> tuple[int, ...]:
        """Return the bytes of the result of each task, resends last; a collage answers its group.

        Results are float32, whatever the precision of what was sent.
        """
        one = RESULT_WIDTH * self.answers
        resends = shape.requests if shape.resend else 0
        return (
            *(one * shape.requests if t.role == "collage" else one for t in shape.tasks),
            *[one] * resends,
        )

    def coding(self, shape: Shape, code: Code, rates: Rates) -> tuple[float, float]:
        """Return how long encoding a group and decoding it take at these rates, in seconds.

        Where workers encode for themselves, each makes its own of the N coded inputs only.
        """
        share = len(_coded(shape)) if any(task.encodes for task in shape.tasks) else 1
        encode = encode_time(code, self.numbers, rates) / share
        return encode, decode_time(code, self.answers, rates)


def code_of(policy: Policy) -> Code | None:
    """Return the code that a policy encodes with, by its method ``code()``; None without one."""
    method = getattr(policy, "code", None)
    if not callable(method):
        return None
    code: Code = method()
    missing = [name for name in COSTS if not hasattr(code, name)]
    if missing:
        given = f"{type(policy).__name__}.code() must return a code, not {type(code).__name__}"
        raise TypeError(f"{given}: it has no {missing[0]}")
    return code


def _coded(shape: Shape) -> tuple[int, ...]:
    """Return the tasks of the largest recovery that decodes, as its code numbers them."""
    return max((r.tasks for r in shape.recoveries if r.decode), key=len, default=())
