"""What a list of transfers can be narrowed by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from responsibility.transfers.subjects import transferables
from safegrid.grid.filters import PlacedFilters, matter_filter


class TransferFilters(PlacedFilters):
    """The filters of transfers."""

    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=lambda: [(code, plug.name) for code, plug in transferables.items()]
    )
    matter = matter_filter()
