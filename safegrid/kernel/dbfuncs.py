"""Database functions that Django has no name for."""

from typing import Any

from django.contrib.postgres.fields import BigIntegerRangeField
from django.db.models import Func, Value


class Int8Point(Func):
    """A number as the range that holds only it, so that a GiST exclusion needs no extension."""

    function = "int8range"
    output_field = BigIntegerRangeField()

    def __init__(self, column: str, **extra: Any) -> None:
        super().__init__(column, column, Value("[]"), **extra)
