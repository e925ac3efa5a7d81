"""What the list of notices can be narrowed by."""

from django.utils.translation import gettext_lazy as _

from safegrid.grid.filters import PlacedFilters
from safegrid.kernel.listing.filters import DayFilter


class NoticeFilters(PlacedFilters):
    """The filters of notices."""

    sent_from = DayFilter("sent_at", label=_("Sent from"))
    sent_to = DayFilter("sent_at", label=_("Sent until"), until=True)
