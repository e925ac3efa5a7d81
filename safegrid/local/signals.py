"""Being asked to end: the same for every command here."""

import signal
from types import FrameType


class Stopped(BaseException):
    """SIGINT, SIGTERM or SIGHUP asked this process to end."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number

    @property
    def exit_code(self) -> int:
        """What a shell reports for a process that ended by this signal."""
        return 128 + self.number


ASKING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def raise_stopped() -> None:
    """Turn the first signal that asks us to end into `Stopped`; later ones must not disturb the stopping."""

    def first(number: int, _frame: FrameType | None) -> None:
        for each in ASKING:
            signal.signal(each, _ignore)
        raise Stopped(number)

    for each in ASKING:
        signal.signal(each, first)


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """Not SIG_IGN, which the processes we start would inherit."""
