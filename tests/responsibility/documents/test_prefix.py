"""The prefix of a body's documents is a row in the admin, and no two bodies have one."""

from django.urls import reverse

from safegrid.audit.models import Entry


def test_a_prefix_is_edited_recorded_and_never_shared(cast, client):
    client.force_login(cast.admin)
    first, other = cast.city.office, cast.city.emergency
    urls = [reverse("admin:grid_unit_change", args=[unit.pk]) for unit in (first, other)]
    assert client.post(urls[0], {"prefix": " （宁）安办 "}).status_code == 302
    first.refresh_from_db()
    assert first.prefix == "（宁）安办"
    assert "（宁）安办" in Entry.objects.get(subject=f"grid.unit:{first.pk}").body
    assert "Another body has this prefix." in client.post(urls[1], {"prefix": "（宁）安办"}).text
    assert client.get(reverse("admin:grid_unit_add")).status_code == 403
    assert client.get(reverse("admin:grid_unit_delete", args=[first.pk])).status_code == 403
