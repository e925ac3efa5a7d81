"""People, posts, their scopes, and involvement.

Responsibility belongs to posts; people come and go. Who holds a post on a day is a dated row.
"""

from functools import cached_property
from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from safegrid.accounts.choices import CertificateKind, PostKind
from safegrid.grid.models import District, Enterprise, Matter, Unit
from safegrid.kernel import clock
from safegrid.kernel.dbfuncs import Int8Point
from safegrid.kernel.names import choose
from safegrid.kernel.scope import Reach

if TYPE_CHECKING:
    from safegrid.accounts.queries import Standing


class User(AbstractUser):
    """A person who signs in. What they may do comes from the posts they hold."""

    name = models.CharField(_("name"), max_length=60, blank=True)
    name_en = models.CharField(_("name in Latin letters"), max_length=80, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    language = models.CharField(_("language of mails"), max_length=10, default="zh-hans")

    class Meta(AbstractUser.Meta):
        verbose_name = _("person")  # type: ignore[assignment]
        verbose_name_plural = _("people")  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The person's name in the reader's script."""
        return choose(self.name, self.name_en) or self.username

    @cached_property
    def standing(self) -> "Standing":
        """The person's posts today and what they reach, read once for each request."""
        from safegrid.accounts.queries import standing

        return standing(self, on=clock.local_date(clock.now()))

    @property
    def reach(self) -> Reach:
        """What the person reaches today."""
        return self.standing.reach


class Post(models.Model):
    """A place in a unit or an enterprise that a person holds. Duties and assignments belong to it."""

    title = models.CharField(_("title"), max_length=80)
    title_en = models.CharField(_("English title"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=PostKind)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name=_("unit")
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name=_("enterprise")
    )
    created_at = models.DateTimeField(pgettext_lazy("when", "created"))

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False, enterprise__isnull=True)
                | Q(unit__isnull=True, enterprise__isnull=False),
                name="accounts_post_in_one_body",
            )
        ]
        indexes = [models.Index(fields=["kind", "unit"], name="accounts_post_by_kind")]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The title in the reader's language."""
        return choose(self.title, self.title_en)


class PastUnit(models.Model):
    """The body that a post was in until a local day, from which on it is in the one that followed."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="past_units")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    until = models.DateField()


class Holding(models.Model):
    """A person holds a post for a span of local dates. A post has one holder at a time."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings", verbose_name=_("post"))
    user = models.ForeignKey(User, models.PROTECT, related_name="holdings", verbose_name=_("person"))
    span = DateRangeField(_("from – until"))

    class Meta:
        verbose_name = _("holder of a post")
        verbose_name_plural = _("holders of a post")
        constraints = [
            ExclusionConstraint(
                name="accounts_holding_one_at_a_time",
                expressions=[
                    (Int8Point("post"), RangeOperators.OVERLAPS),
                    ("span", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return str(self.user)


class Substitution(models.Model):
    """While the holder is on leave, somebody else stands in, for a span of local dates."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="substitutions", verbose_name=_("post"))
    user = models.ForeignKey(User, models.PROTECT, related_name="substitutions", verbose_name=_("person"))
    span = DateRangeField(_("from – until"))

    class Meta:
        verbose_name = _("substitute")
        verbose_name_plural = _("substitutes")
        constraints = [
            ExclusionConstraint(
                name="accounts_substitution_one_at_a_time",
                expressions=[
                    (Int8Point("post"), RangeOperators.OVERLAPS),
                    ("span", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return str(self.user)


class PostScope(models.Model):
    """What a post reaches: a district subtree × a matter subtree, its unit, or its enterprise."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="scopes", verbose_name=_("post"))
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("district")
    )
    matter = models.ForeignKey(
        Matter, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("matter")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("enterprise")
    )
    acting = models.BooleanField(_("may act"), default=False)

    class Meta:
        verbose_name = _("scope of a post")
        verbose_name_plural = _("scopes of a post")
        constraints = [
            models.UniqueConstraint(
                fields=["post", "district", "matter", "unit", "enterprise"],
                nulls_distinct=False,
                name="accounts_postscope_once",
            ),
            models.CheckConstraint(
                condition=Q(district__isnull=False, unit__isnull=True, enterprise__isnull=True)
                | Q(district__isnull=True, matter__isnull=True, unit__isnull=False, enterprise__isnull=True)
                | Q(district__isnull=True, matter__isnull=True, unit__isnull=True, enterprise__isnull=False),
                name="accounts_postscope_of_one_sort",
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(
            str(part) for part in (self.district or self.unit or self.enterprise, self.matter) if part
        )


class Involvement(models.Model):
    """A post became part of something outside its scope: a joint visit, an order given, a transfer."""

    subject_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    subject_id = models.BigIntegerField()
    post = models.ForeignKey(Post, models.PROTECT, related_name="involvements")
    role = models.CharField(max_length=30)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    #: Whether the subject may lie outside the post's own scopes. What lies inside is reached by these, and no
    #: list looks for it here; triggers set it when a scope changes or a subject moves.
    is_outside = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "post", "role"], name="accounts_involvement_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["post", "subject_type", "subject_id"],
                condition=Q(until=None, is_outside=True),
                name="accounts_involvement_outside",
            )
        ]


class Certificate(models.Model):
    """A person's certificate and the span of local dates in which it is valid."""

    user = models.ForeignKey(User, models.CASCADE, related_name="certificates", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=20, choices=CertificateKind)
    number = models.CharField(_("number"), max_length=40)
    span = DateRangeField(_("valid"))

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="accounts_certificate_once")]

    def __str__(self) -> str:
        return self.number
