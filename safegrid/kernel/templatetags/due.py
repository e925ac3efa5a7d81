"""What the templates of `templates/components/` need and Django's own filters cannot say."""

from django import template

register = template.Library()


@register.filter
def days_left(days_over: int | None) -> int | None:
    """Turn days over (negative while there is time) into days left; nothing stays nothing."""
    return None if days_over is None else -days_over
