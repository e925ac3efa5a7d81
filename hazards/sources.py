"""Where a hazard comes from: who may enter what, and what of it whom may know.

That somebody outside reported it is never told to the enterprise: it would be told who (DOMAIN: the reporter
is never exposed). An officer has verified it on site before, so the enterprise reads an inspection.
"""

from collections.abc import Iterable
from typing import Any

from hazards.choices import Source
from hazards.models import Hazard
from safegrid.accounts.choices import ENTERPRISE_POSTS, PostKind
from safegrid.accounts.models import Post
from safegrid.kernel.scope import reach_of

#: Sources that an enterprise must not learn, and what it reads instead.
HIDDEN = {Source.PUBLIC.value: Source.INSPECTION.value}

#: What a post may say that a hazard comes from, what is usual first; what is imported, nobody types.
MAY_ENTER = {
    **dict.fromkeys(ENTERPRISE_POSTS, (Source.SELF_INSPECTION, Source.WORKER)),
    PostKind.GRID_OFFICER: (Source.PATROL, Source.PUBLIC),
    **dict.fromkeys(
        (PostKind.OFFICER, PostKind.SUPERVISOR),
        (Source.INSPECTION, Source.PATROL, Source.CAMPAIGN, Source.PUBLIC, Source.ACCIDENT),
    ),
    PostKind.OFFICE: (Source.PUBLIC, Source.CAMPAIGN, Source.ACCIDENT),
}


def sources_of(post: Post | None) -> tuple[Source, ...]:
    """Return the sources that somebody may enter as `post`, what is usual first; none: they enter nothing."""
    return MAY_ENTER.get(PostKind(post.kind), ()) if post is not None else ()


def is_hidden(source: str, enterprise_id: int, reader: Any) -> bool:
    """Return whether `reader` must not learn this source, nor who entered it."""
    return source in HIDDEN and is_for_enterprise(enterprise_id, reader)


def is_for_enterprise(enterprise_id: int, reader: Any) -> bool:
    """Return whether what `reader` learns of a hazard of the enterprise, the enterprise learns."""
    reach = reach_of(reader)
    return not reach.is_official or enterprise_id in reach.enterprise_ids


def shown(pairs: Iterable[tuple[str, int]], reader: Any) -> list[str]:
    """Return the codes of sources as `reader` may know them; a pair is a source and an enterprise's id."""
    return [HIDDEN[source] if is_hidden(source, who, reader) else source for source, who in pairs]


def source_for(reader: Any, hazard: Hazard) -> str:
    """Return in words where a hazard comes from, as `reader` may know it: on pages, in tables and papers."""
    return str(Source(shown([(hazard.source, hazard.enterprise_id)], reader)[0]).label)
