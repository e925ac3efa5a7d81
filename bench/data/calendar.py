"""Days as COPY reads them, and where the ladder of alerts stands for a deadline."""

import datetime as dt

from responsibility.policies import RUNGS

RUNG_DAYS = [days for _number, days, *_ in RUNGS]


class Days:
    """Texts of days and instants by ordinal, made once."""

    def __init__(self, first: dt.date, last: dt.date, today: dt.date) -> None:
        span = range(first.toordinal(), last.toordinal() + 1)
        self.text = {number: dt.date.fromordinal(number).isoformat() for number in span}
        self.today = today.toordinal()

    def at(self, day: int, second: int) -> str:
        """Return an instant of working hours, `second` after eight in the morning in Xining."""
        minute, second = divmod(second, 60)
        hour, minute = divmod(minute, 60)
        return f"{self.text[day]} {hour:02d}:{minute:02d}:{second:02d}+00"

    def end(self, day: int) -> str:
        """Return the instant at which a local day is over: midnight in Xining."""
        return f"{self.text[day]} 16:00:00+00"

    def ladder(self, due: int) -> tuple[int, str]:
        """Return (rungs climbed, next look) of what is due on a day; a rung fires at the end of a day."""
        for climbed, days in enumerate(RUNG_DAYS):
            moment = due + days - 1
            if moment >= self.today:
                return climbed, self.end(moment)
        return len(RUNG_DAYS), "\\N"
