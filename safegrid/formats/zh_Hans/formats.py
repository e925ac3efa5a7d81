"""Dates as in English: one form everywhere."""

from safegrid.formats.en.formats import *  # noqa: F403

USE_THOUSAND_SEPARATOR = True
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
