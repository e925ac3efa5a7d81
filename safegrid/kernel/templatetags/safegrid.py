"""Filters and tags that every template has."""

from typing import Any

from django import template
from django.template.loader_tags import BlockNode
from django.utils.safestring import SafeString, mark_safe

from safegrid.kernel.deadlines import days_over_text, late_text, until
from safegrid.kernel.icons import icon
from safegrid.kernel.jinja import fixed, part
from safegrid.kernel.names import choose, choose_from
from safegrid.kernel.punctuation import colon, comma, gap

register = template.Library()


@register.filter
def label(thing: Any) -> str:
    """Return the name of a thing or of a `values()` row in the reader's language."""
    if thing is None:
        return ""
    if isinstance(thing, dict):
        return choose_from(thing)
    return str(
        getattr(thing, "label", None) or choose(getattr(thing, "name", ""), getattr(thing, "name_en", ""))
    )


@register.simple_tag(name="icon")
def icon_tag(name: str, **attributes: str) -> SafeString:
    """Return an icon; `class` adds classes. A tag and no template: a page has dozens of them."""
    return icon(str(name), attributes.get("class", ""))


register.simple_tag(fixed, name="fixed")
register.simple_tag(comma, name="comma")
register.simple_tag(colon, name="colon")
register.simple_tag(gap, name="gap")


AROUND = ("request", "shell", "user", "messages")


@register.simple_tag(name="part", takes_context=True)
def part_tag(context: Any, name: str, **values: Any) -> SafeString:
    """Return a template of the Jinja2 environment; it knows the shell, the person, and what it is given."""
    return part(name, {key: context.get(key) for key in AROUND} | values)


register.filter("days_over_text", days_over_text)
register.filter("late_text", late_text)
register.filter("until", until)


PARTS = ("page_title", "subtitle", "page_actions", "content")


class ShellNode(template.Node):
    """The page around the blocks that stand in it; an `extends` fills these, as everywhere."""

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist
        self.blocks = [node for node in nodelist if isinstance(node, BlockNode)]

    def render(self, context: template.Context) -> SafeString:
        """Return the page. A block that takes the whole of it leaves nothing to those for its parts."""
        given = {key: context.get(key) for key in AROUND}
        for block in self.blocks:
            if not (given.get("main") and block.name in PARTS):
                given[block.name] = mark_safe(block.render(context).strip())  # noqa: S308 (a template's own)
        return part("_shell/page.html", given)


@register.tag(name="shell")
def shell_tag(parser: Any, token: Any) -> ShellNode:
    """Put the blocks up to `endshell` into the shell."""
    nodelist = parser.parse(("endshell",))
    parser.delete_first_token()
    return ShellNode(nodelist)


CURVE_WIDTH, CURVE_HEIGHT, CURVE_MARGIN = 100, 24, 2


@register.filter
def curve_points(values: list[int]) -> str:
    """Return the points of a small curve through `values`, in a box of 100 × 24."""
    top = max(values, default=0) or 1
    step = CURVE_WIDTH / max(len(values) - 1, 1)
    drawn = CURVE_HEIGHT - 2 * CURVE_MARGIN
    return " ".join(
        f"{i * step:.1f},{CURVE_HEIGHT - CURVE_MARGIN - drawn * value / top:.1f}"
        for i, value in enumerate(values)
    )
