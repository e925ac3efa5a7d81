"""The kernel as a Django app: checks and template tags, no models."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Register the start-up checks."""

    name = "safegrid.kernel"
    label = "kernel"

    def ready(self) -> None:
        from safegrid.kernel import checks  # noqa: F401
