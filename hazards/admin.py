"""What grading and listing go by is kept in the admin; each change is in the ledger."""

from django.contrib import admin
from django.http import HttpRequest

from hazards.choices import Category
from hazards.grading.categories import HazardCategory
from hazards.grading.models import CorrectionWindow, DefaultDeadline, MajorItem, RecurrenceWindow, RiskCell
from hazards.listed.models import ListingRule
from hazards.penalties.closing.models import RepeatRule
from responsibility.admin import PolicyAdmin


@admin.register(MajorItem)
class MajorItemAdmin(PolicyAdmin):
    """Sectors' lists of what makes a hazard major. What was graded keeps the sentence it was graded by."""

    list_display = ["sector", "code", "sentence", "source", "since", "until"]
    list_filter = ["sector"]
    search_fields = ["code", "sentence", "sentence_en"]


@admin.register(HazardCategory)
class HazardCategoryAdmin(PolicyAdmin):
    """The tree of what a deficiency may be. One that hazards have is ended by a day; it is not deleted."""

    list_display = ["code", "name", "name_en", "parent", "order", "source", "since", "until"]
    search_fields = ["code", "name", "name_en"]

    def get_readonly_fields(self, request: HttpRequest, obj: HazardCategory | None = None) -> list[str]:
        """Hazards carry the code, and those below begin with it."""
        return ["code", "parent"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: HazardCategory | None = None) -> bool:
        """Those that the portal itself names stay."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.code not in set(Category))


@admin.register(RiskCell)
class RiskCellAdmin(PolicyAdmin):
    """The matrix of likelihood and consequence. What was graded keeps its colour."""

    list_display = ["likelihood", "consequence", "risk", "source"]


@admin.register(DefaultDeadline)
class DefaultDeadlineAdmin(PolicyAdmin):
    """Which deadline an order begins with. Whoever orders may take another."""

    list_display = ["grade", "risk", "code", "source", "since"]


@admin.register(CorrectionWindow)
class CorrectionWindowAdmin(PolicyAdmin):
    """How long a slip is just set right."""

    list_display = ["minutes", "source", "since"]


@admin.register(RecurrenceWindow)
class RecurrenceWindowAdmin(PolicyAdmin):
    """Within which time a hazard recurs. What was registered keeps what it was linked to."""

    list_display = ["days", "source", "since"]


@admin.register(RepeatRule)
class RepeatRuleAdmin(PolicyAdmin):
    """How many penalties within how many days make a repeat offender. What was put to somebody stays."""

    list_display = ["penalties", "days", "source", "since", "until"]


@admin.register(ListingRule)
class ListingRuleAdmin(PolicyAdmin):
    """Who lists major hazards at which level, and by which days. What is listed keeps its rule."""

    list_display = ["level", "unit_level", "post_kinds", "days", "report_days", "answer_days", "spot_days"]
    list_filter = ["level"]
