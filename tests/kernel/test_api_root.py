"""Where the API begins."""

from django.test import Client


def test_the_root_names_every_list_and_each_answers(cast):
    client = Client()
    client.force_login(cast.bureau)
    root = client.get("/api/v1/").json()
    assert {"hazards", "schema", "docs"} < set(root)
    for address in root.values():
        assert client.get(address).status_code == 200


def test_the_root_is_for_those_who_sign_in():
    assert Client().get("/api/v1/").status_code == 401
