"""Policy rows are kept in the admin; each change is in the ledger. Nothing else is edited there."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from responsibility.alerts.models import LadderRung
from responsibility.assignments.models import CoveragePolicy
from responsibility.calendars.models import DeadlinePolicy, WorkingDay
from responsibility.calendars.services import mark_day
from responsibility.leaders.models import LeaderDutyPolicy
from responsibility.leaders.policies import apply_policies
from safegrid.audit.services import record
from safegrid.kernel import clock


class PolicyAdmin(admin.ModelAdmin):
    """A policy row: every save is recorded with what was changed."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the row and write what is now there to the ledger."""
        super().save_model(request, obj, form, change)
        self._record(request, obj, "policy.change" if change else "policy.add", form)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Write to the ledger that the row is gone, then delete it."""
        self._record(request, obj, "policy.delete", None)
        super().delete_model(request, obj)

    def _record(self, request: HttpRequest, obj: Any, action: str, form: Any) -> None:
        changed = {name: str(form.cleaned_data[name]) for name in form.changed_data} if form else {}
        post = request.acting_post or None  # type: ignore[attr-defined]
        record(obj, action, actor=request.user, acting_post=post, now=clock.now(), data=changed)


@admin.register(DeadlinePolicy)
class DeadlinePolicyAdmin(PolicyAdmin):
    """How long things may take. `manage.py recompute_deadlines` applies a change to what is open."""

    list_display = ["code", "name", "days", "unit", "source", "span"]
    search_fields = ["code", "name", "name_en"]


@admin.register(LadderRung)
class LadderRungAdmin(PolicyAdmin):
    """Who is told when."""

    list_display = ["number", "days", "name", "recipients", "source"]


@admin.register(CoveragePolicy)
class CoveragePolicyAdmin(PolicyAdmin):
    """What must be answered for."""

    list_display = ["line", "tier", "matter", "source"]


@admin.register(LeaderDutyPolicy)
class LeaderDutyPolicyAdmin(PolicyAdmin):
    """What leading posts owe. A change counts from each post's next period on."""

    list_display = ["role", "kind", "number", "rhythm", "source", "span"]
    list_filter = ["role", "kind"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save the row and give each post what the policies in force now say."""
        super().save_model(request, obj, form, change)
        apply_policies(now=clock.now())


@admin.register(WorkingDay)
class WorkingDayAdmin(PolicyAdmin):
    """The working calendar: holidays and make-up workdays; ordinals follow by themselves."""

    list_display = ["day", "works", "name", "published"]
    list_filter = ["published", "works"]
    date_hierarchy = "day"
    fields = ["works", "name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Days come with the calendar."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A calendar without a hole."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Mark the day and number the days after it anew."""
        mark_day(obj.day, works=obj.works, name=obj.name)
        self._record(request, obj, "policy.change", form)
