"""Who asks: people of the made city by what they reach, signed in without a password."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from safegrid.accounts.models import User

#: From the narrowest to the widest; the names say what they reach.
CELL, TOWNSHIP, DISTRICT, CITY = (
    "cell-630102001001001",
    "head-630102001000",
    "head-630102000000",
    "head-city",
)
OFFICER, MATTER, ADMIN = "officer-630102000000-0", "unit-fire_rescue-0", "admin"
ENTERPRISE = "enterprise-0"
PLACES = (CELL, TOWNSHIP, DISTRICT, CITY)
EVERYBODY = (*PLACES, OFFICER, MATTER, ENTERPRISE)


@cache
def user(username: str) -> User:
    """Return somebody by username."""
    return User.objects.get(username=username)


@cache
def session(username: str) -> str:
    """Return the key of a session in which somebody is signed in."""
    who = user(username)
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(who.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = who.get_session_auth_hash()
    store.save()
    return str(store.session_key)
