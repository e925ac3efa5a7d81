"""The form by which a hazard is entered: what an official gives, and what an enterprise gives of its own."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hazards import deadlines
from hazards.fields import day_field, item_field, text_field
from hazards.grading import categories
from hazards.grading.models import MajorItem, items_in_force
from hazards.models import TITLE_LENGTH, Hazard
from hazards.sources import sources_of
from safegrid.accounts.models import Post, User
from safegrid.files.forms import Intake, PhotosField
from safegrid.grid.fields import MatterChoice
from safegrid.grid.models import Matter, Site
from safegrid.grid.queries import matters_at
from safegrid.kernel import clock
from safegrid.kernel.moments import MomentField

FIRST = ("token", "source", "matter", "title", "spot", "category", "item")
LAST = ("is_major", "major_item", "major_basis", "is_another")


class EnterForm(forms.Form):
    """What was found, where, when, and where it comes from."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    source = forms.ChoiceField(label=_("Where it comes from"))
    matter = MatterChoice(label=_("Matter"), queryset=Matter.objects.none(), empty_label=None)
    title = forms.CharField(label=_("What is wrong"), max_length=TITLE_LENGTH)
    spot = forms.CharField(label=_("Where exactly"), max_length=120, required=False)
    category = forms.ChoiceField(label=_("Category"))
    description = text_field(_("Description"))
    photos = PhotosField(label=_("Photos"), required=False)
    found_at = MomentField(label=_("Found, if not just now"), required=False)
    late_reason = forms.CharField(
        label=_("Why it is entered late"),
        max_length=200,
        required=False,
        help_text=_("For what was found on an earlier day."),
    )
    fixed = forms.BooleanField(label=_("It is fixed already"), required=False)
    after = PhotosField(label=_("Photos after"), required=False)
    is_major = forms.BooleanField(
        label=_("It is a major hazard"),
        required=False,
        help_text=_("Officials see it at once. Its plan and two reports fall due."),
    )
    major_item = forms.ModelChoiceField(
        MajorItem.objects.none(),
        label=_("Item of the list"),
        required=False,
        empty_label=_("(none: name the basis below)"),
    )
    major_basis = forms.CharField(
        label=_("What makes it major"),
        required=False,
        max_length=Hazard._meta.get_field("major_basis").max_length,
    )
    is_another = forms.BooleanField(
        label=_("It is another one: enter it all the same"), required=False, widget=forms.HiddenInput
    )

    def __init__(
        self, *given: Any, site: Site, user: User, post: Post, intake: Intake, now: dt.datetime, **more: Any
    ) -> None:
        super().__init__(*given, **more)
        today = clock.local_date(now)
        self.fields["source"].choices = [(each.value, each.label) for each in sources_of(post)]  # type: ignore[attr-defined]
        self.fields["matter"].queryset = matters_at(site, user, post)  # type: ignore[attr-defined]
        self.fields["category"].choices = categories.choices(today)  # type: ignore[attr-defined]
        self.fields["item"] = item_field(site, own=post.enterprise_id is not None)
        self.fields["description"].required = False
        self.fields["found_at"].end_at(now)  # type: ignore[attr-defined]
        if post.enterprise_id is None:
            for name in ("fixed", "after", "is_major", "major_item", "major_basis"):
                del self.fields[name]
        else:
            self.fields["major_item"].queryset = items_in_force(today)  # type: ignore[attr-defined]
            self.fields["plan_due_on"] = day_field(
                _("Or: to be fixed by"), earliest=today, latest=deadlines.own_limit(now=now)
            )
            self.fields["plan_due_on"].required = False
        # By when comes right after whether it is fixed; what makes it major is asked last.
        self.order_fields([*FIRST, *(name for name in self.fields if name not in LAST), *LAST])
        intake.serve(self)

    def ask_whether_another(self) -> None:
        """Let the person say that it is none of those that are open there."""
        self.fields["is_another"].widget = forms.CheckboxInput()
        self.add_error("is_another", gettext("Look at what is open there. If it is none of those, say so."))
