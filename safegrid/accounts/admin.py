"""Accounts and posts are kept in the admin."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from safegrid.accounts.models import Certificate, Holding, Post, PostScope, Substitution, User


class HoldingInline(admin.TabularInline):
    """Holders of a post."""

    model = Holding
    extra = 0


class SubstitutionInline(admin.TabularInline):
    """Substitutes of a post."""

    model = Substitution
    extra = 0


class PostScopeInline(admin.TabularInline):
    """Scopes of a post."""

    model = PostScope
    extra = 0
    raw_id_fields = ["district", "enterprise"]


@admin.register(Post)
class PostAdmin(admin.ModelAdmin):
    """Posts with their holders and scopes."""

    list_display = ["title", "kind", "unit", "enterprise"]
    list_filter = ["kind"]
    search_fields = ["title", "title_en"]
    raw_id_fields = ["enterprise"]
    inlines = [HoldingInline, SubstitutionInline, PostScopeInline]


class CertificateInline(admin.TabularInline):
    """Certificates of a person."""

    model = Certificate
    extra = 0


@admin.register(User)
class PersonAdmin(UserAdmin):
    """People, with their Chinese name and certificates."""

    list_display = ["username", "name", "is_active"]
    search_fields = ["username", "name", "name_en"]
    inlines = [CertificateInline]
    fieldsets = (
        (None, {"fields": ["username", "password", "is_active"]}),
        (_("Person"), {"fields": ["name", "name_en", "phone", "email", "language"]}),
        (_("Administration"), {"fields": ["is_staff", "is_superuser"]}),
        (_("Important dates"), {"fields": ["last_login", "date_joined"]}),
    )
    list_filter = ["is_active", "is_staff"]
    filter_horizontal = []


admin.site.unregister(Group)  # what a person may do comes from the posts they hold
