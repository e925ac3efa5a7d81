"""The accounts app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People and posts."""

    name = "safegrid.accounts"
    label = "accounts"
    verbose_name = _("People and posts")

    def ready(self) -> None:
        from safegrid.accounts import checks, shell, succession  # noqa: F401
