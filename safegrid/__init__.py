"""SafeGrid: work-safety supervision as a grid."""

from safegrid.celery import app as celery_app

__all__ = ["celery_app"]
