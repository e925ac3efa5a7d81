"""Who may say who holds a post. Nobody by one matter alone, however wide they act for it."""

from __future__ import annotations

from responsibility.assignments.services import acts_over, of_every_matter
from safegrid.accounts.choices import PostKind
from safegrid.accounts.models import Post
from safegrid.accounts.queries import scope_of
from safegrid.grid.models import Enterprise

STAFFING = (PostKind.OFFICE, PostKind.HEAD)
#: Posts of a unit that its own head fills: no other head's, none that looks after the whole portal.
OF_A_HEAD = (PostKind.OFFICE, PostKind.SUPERVISOR, PostKind.OFFICER, PostKind.GRID_OFFICER)


def may_staff(acting_post: Post | None, post: Post) -> bool:
    """Whether `acting_post` may say who holds `post`.

    A principal of their enterprise's posts, and the safety committee's office of those of enterprises with a
    site where it acts for every matter; a head of those of their own unit, but no head's; a head and the
    office of the bodies in the places in which they act for every matter.
    """
    if acting_post is None:
        return False
    if post.enterprise_id is not None:
        return may_staff_enterprise(acting_post, post.enterprise_id)
    return _heads(acting_post, post) or stands_over(acting_post, post)


def may_staff_enterprise(acting_post: Post | None, enterprise_id: int) -> bool:
    """Whether `acting_post` may say who holds the posts of an enterprise."""
    if acting_post is None:
        return False
    if acting_post.kind == PostKind.PRINCIPAL:
        return acting_post.enterprise_id == enterprise_id
    return acting_post.kind == PostKind.OFFICE and (
        Enterprise.objects.reached_by(of_every_matter(scope_of(acting_post).of(acting=True)))
        .filter(pk=enterprise_id)
        .exists()
    )


def _heads(acting_post: Post, post: Post) -> bool:
    """Whether `acting_post` heads the unit of `post`, and `post` is below it. No query."""
    is_own = acting_post.kind == PostKind.HEAD and acting_post.unit_id == post.unit_id is not None
    return is_own and post.kind in OF_A_HEAD


def stands_over(acting_post: Post, post: Post) -> bool:
    """Whether `acting_post` stands over the unit of `post`: acts for every matter in the place of it."""
    return (
        acting_post.kind in STAFFING and post.unit is not None and acts_over(acting_post, post.unit.district)
    )
