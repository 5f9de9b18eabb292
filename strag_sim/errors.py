"""The exceptions of strag-sim, so that a caller can catch what it means to handle.

StragSimError
├── ScenarioError (also a ValueError)   the input is wrong: a scenario or a file it names
│   ├── ProfileError                    a profile is missing, broken or does not fit its checksum
│   ├── AccuracyError                   a table of accuracies is, or does not fit its policy
│   └── AllocationError                 an allocation of models to devices is, or none is possible
├── MeasurementsError (also a ValueError)  a file of measured times cannot be taken in
├── ResultError                         a result is missing, broken or lacks what is asked of it
├── SweepError                      a cell of a sweep failed, or its cells cannot be kept
├── FitError (also a ValueError)        measured values cannot be fitted
├── CodeError (also a ValueError)       a code cannot be made, or cannot encode or decode this
├── ProfilerError                       a model cannot be made or measured
├── TrainingError                       a coded model cannot be trained, or its accuracy measured
└── EngineError (also a RuntimeError)   an engine could not finish a run
"""


class StragSimError(Exception):
    """Any error that strag-sim raises on purpose; its text is written for the user."""


class ScenarioError(StragSimError, ValueError):
    """The input is wrong.

    Attributes
    ----------
    problems : tuple of str
        Every problem found, one message each, in the order of the file.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class ProfileError(ScenarioError):
    """A profile is missing, broken, or does not fit its checksum."""


class AccuracyError(ScenarioError):
    """A table of accuracies is missing, broken, or does not fit its checksum or its policy."""


class AllocationError(ScenarioError):
    """An allocation of models to devices is missing, broken or impossible."""


class MeasurementsError(StragSimError, ValueError):
    """A file of measured times cannot be read, or does not hold what is asked of it."""


class ResultError(StragSimError):
    """A result folder is missing, broken, or lacks what is asked of it."""


class SweepError(StragSimError):
    """A cell of a sweep failed, its workers cannot be had, or its folder cannot be written."""


class FitError(StragSimError, ValueError):
    """Measured values cannot be fitted as they are, or not with what is asked of them."""


class CodeError(StragSimError, ValueError):
    """A code cannot be made as asked, or cannot encode or decode what it is given."""


class ProfilerError(StragSimError):
    """A model is unknown, cannot be made, or cannot be measured as asked."""


class TrainingError(StragSimError):
    """A scheme is unknown, its model cannot be trained, or its accuracy cannot be measured."""


class EngineError(StragSimError, RuntimeError):
    """An engine could not finish a run."""
