"""Django's own list of hazards, as somebody would register it who thinks no more of it."""

from django.contrib import admin


class PlainAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The columns of our list, in its order, with the defaults of Django for all else."""

    list_display = (
        "number",
        "title",
        "matter",
        "enterprise",
        "site",
        "township",
        "grade",
        "state",
        "found_at",
        "due_on",
    )
    list_filter = ("state", "grade")
    ordering = ("-found_at", "-id")
    list_per_page = 50
