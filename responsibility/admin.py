"""Policy rows are kept in the admin; each change is in the ledger. Nothing else is edited there."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _

from responsibility.alerts.models import LadderRung
from responsibility.assignments.models import CoveragePolicy
from responsibility.calendars.models import DeadlinePolicy, WorkingDay
from responsibility.calendars.services import mark_day
from responsibility.coverage.models import Tolerance
from responsibility.documents.layouts import layouts
from responsibility.documents.models import DocumentKind
from responsibility.documents.rendering import check
from responsibility.enterprise_line.models import CredentialPolicy, HighRiskMatter, RiskBand, TrainingPolicy
from responsibility.leaders.models import LeaderDutyPolicy
from responsibility.leaders.policies import apply_policies
from responsibility.standing.models import StatusRule
from responsibility.statements.models import ScoreBand
from safegrid.audit.services import record
from safegrid.grid.models import Unit
from safegrid.kernel import clock
from safegrid.kernel.refusals import Invalid


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


@admin.register(ScoreBand)
class ScoreBandAdmin(PolicyAdmin):
    """What a score is called. What is locked keeps its band."""

    list_display = ["code", "at_least", "name", "source", "span"]


@admin.register(StatusRule)
class StatusRuleAdmin(PolicyAdmin):
    """What becomes of what is open when a site closes, rests or is out of season."""

    list_display = ["status", "kind", "effect", "source"]


@admin.register(Tolerance)
class ToleranceAdmin(PolicyAdmin):
    """How far the outlines of cells may miss each other."""

    list_display = ["code", "metres", "source"]


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


class DocumentKindForm(forms.ModelForm):
    """A kind of document; a template of a bureau's own is tried before it is taken."""

    class Meta:
        model = DocumentKind
        fields = ["name", "name_en", "word", "remedy", "source", "template"]

    def clean_template(self) -> Any:
        """Refuse what is no Word file, what names unknown variables, and what cannot be filled in."""
        file = self.cleaned_data["template"]
        if not file or "template" not in self.changed_data:
            return file
        if self.instance.code not in layouts:
            raise forms.ValidationError(_("Documents of this kind have a number only, and no template."))
        try:
            check(file, layouts[self.instance.code])
        except Invalid as refusal:
            raise forms.ValidationError(refusal.messages) from refusal
        return file


@admin.register(DocumentKind)
class DocumentKindAdmin(PolicyAdmin):
    """How documents are numbered, and a bureau's own templates. What was issued stays as it is."""

    form = DocumentKindForm
    list_display = ["code", "name", "word", "template", "source"]
    readonly_fields = ["code"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Kinds come with the program that issues them."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Numbers hang on them."""
        return False


class PrefixForm(forms.ModelForm):
    """How a body's documents begin; two bodies that begin alike would give out one number twice."""

    class Meta:
        model = Unit
        fields = ["prefix"]

    def clean_prefix(self) -> str:
        """Refuse what another body has."""
        prefix: str = self.cleaned_data["prefix"].strip()
        if prefix and Unit.objects.filter(prefix=prefix).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another body has this prefix."))
        return prefix


@admin.register(Unit)
class PrefixAdmin(PolicyAdmin):
    """The prefixes of bodies' documents. Bodies themselves are not edited here."""

    form = PrefixForm
    list_display = ["code", "name", "prefix"]
    search_fields = ["code", "name", "name_en", "prefix"]
    readonly_fields = ["code", "name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A body comes with its reorganisation."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Everything hangs on it."""
        return False


@admin.register(CredentialPolicy)
class CredentialPolicyAdmin(PolicyAdmin):
    """How long certificates are valid, and when their renewal is asked for."""

    list_display = ["kind", "name", "valid_years", "reexamine_years", "lead_days", "source", "since"]


@admin.register(TrainingPolicy)
class TrainingPolicyAdmin(PolicyAdmin):
    """Hours of training that each role owes."""

    list_display = ["role", "is_high_risk", "first_hours", "yearly_hours", "source", "since"]


@admin.register(HighRiskMatter)
class HighRiskMatterAdmin(PolicyAdmin):
    """What makes an enterprise a high-risk one."""

    list_display = ["matter", "source", "since"]


@admin.register(RiskBand)
class RiskBandAdmin(PolicyAdmin):
    """Scores and colours of risk points. `manage.py recolour_risk_points` applies a change."""

    list_display = ["grade", "at_least", "source", "since"]
