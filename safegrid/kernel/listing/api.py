"""The read API of every list, under /api/v1/: the same rows, filters, orders and saved views.

Values are codes, days and instants, never words of a language; pages go by key like the lists' own.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django.http import Http404
from django.urls import URLPattern, path, reverse
from django.utils import translation
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from safegrid.kernel import clock
from safegrid.kernel.listing.batch import Batch
from safegrid.kernel.listing.columns import Values
from safegrid.kernel.listing.declaration import EVERYTHING, PAGE_SIZE, Listing, listings
from safegrid.kernel.listing.keyset import Cursor
from safegrid.kernel.listing.selection import Selection

MOST = 200  # rows of one answer

FIELDS: dict[type, type[serializers.Field]] = {
    str: serializers.CharField,
    int: serializers.IntegerField,
    bool: serializers.BooleanField,
    dt.date: serializers.DateField,
    dt.datetime: serializers.DateTimeField,
}


def as_json(listing: Listing, rows: Batch, now: dt.datetime) -> list[dict[str, Any]]:
    """Return rows as the API gives them."""
    values: dict[str, Values] = {"id": rows["id"]}
    for column in listing.flat:
        values |= column.api(rows, now)
    return [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]


class RootAPI(APIView):
    """Where the API begins: the lists, the schema, and its pages for people."""

    http_method_names = ["get", "head", "options"]

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request) -> Response:
        """Return the address of each list and of the schema."""
        names = [*(name for name, _listing in listings.items()), "schema", "docs"]
        return Response({name: request.build_absolute_uri(reverse(f"api:{name}")) for name in names})


class ListAPI(APIView):
    """The rows of one list, a page at a time."""

    listing: Listing
    http_method_names = ["get", "head", "options"]

    def get(self, request: Request) -> Response:
        """Return a page of rows, with the addresses of the pages beside it."""
        now = clock.now()
        selection = Selection(self.listing, request, now=now, tab=EVERYTHING)
        problems = dict(selection.problems)
        size = self._size(request, problems)
        if problems:
            return Response(problems, status=400)
        page = selection.page(size)

        def beside(cursor: Cursor | None) -> str | None:
            if cursor is None:
                return None
            return request.build_absolute_uri(selection.address(after=cursor.encode(selection.order)))

        return Response(
            {
                "previous": beside(page.previous),
                "next": beside(page.next),
                "results": as_json(self.listing, page.rows, now),
            }
        )

    @staticmethod
    def _size(request: Request, problems: dict[str, str]) -> int:
        text = request.GET.get("limit") or str(PAGE_SIZE)
        if text.isascii() and text.isdigit() and 1 <= int(text) <= MOST:
            return int(text)
        problems["limit"] = f"1–{MOST}"
        return PAGE_SIZE


class RowAPI(APIView):
    """One row of a list, whatever its saved view."""

    listing: Listing
    http_method_names = ["get", "head", "options"]

    def get(self, request: Request, pk: int) -> Response:
        """Return the row; one that is out of reach does not exist."""
        now = clock.now()
        rows = self.listing.model._default_manager.visible_to(request.user)  # type: ignore[attr-defined]
        select = self.listing.selected
        found = select.batch(list(select.values(rows.filter(pk=pk))))
        if not found:
            raise Http404
        found.reader = request.user
        return Response(as_json(self.listing, found, now)[0])


def _serializers(listing: Listing) -> tuple[type[serializers.Serializer], type[serializers.Serializer]]:
    """Return the serializers that describe a row and a page to the schema."""
    name = "".join(part.title() for part in listing.name.split("-"))
    types = {key: kind for column in listing.flat for key, kind in column.api_types().items()}
    fields: dict[str, Any] = {key: FIELDS[kind](allow_null=True) for key, kind in types.items()}
    row = type(f"{name}Row", (serializers.Serializer,), {"id": serializers.IntegerField(), **fields})
    page = type(
        f"{name}Page",
        (serializers.Serializer,),
        {
            "previous": serializers.URLField(allow_null=True),
            "next": serializers.URLField(allow_null=True),
            "results": row(many=True),
        },
    )
    return row, page


def _parameter(name: str, each: django_filters.Filter) -> OpenApiParameter:
    # `each.field` must not be touched here: it would be made without a reader, and kept for everyone.
    kind = dt.date if isinstance(each, django_filters.DateFilter) else str
    given = each.extra.get("choices", ())
    choices = [value for value, _ in (given() if callable(given) else given)]
    return OpenApiParameter(name, kind, description=str(each.label or ""), enum=choices or None)


def _parameters(listing: Listing) -> list[OpenApiParameter]:
    sorts = [f"{sign}{sort.key}" for sort in listing.sorts for sign in ("", "-")]
    return [
        *(_parameter(name, each) for name, each in listing.filterset.base_filters.items()),
        OpenApiParameter("tab", str, enum=[tab.key for tab in listing.tabs], default=EVERYTHING),
        OpenApiParameter("sort", str, enum=sorts),
        OpenApiParameter("after", str, description="Place in the list, from `next` or `previous`."),
        OpenApiParameter("limit", int, description=f"Rows of a page, 1 to {MOST}."),
    ]


def views_of(listing: Listing) -> tuple[type[ListAPI], type[RowAPI]]:
    """Return the two views of a list, described for the schema."""
    row, page = _serializers(listing)
    described = extend_schema_view(
        get=extend_schema(
            operation_id=f"{listing.name}_list",
            summary=str(listing.title),
            parameters=_parameters(listing),
            responses=page,
            tags=[listing.name],
        )
    )
    one = extend_schema_view(
        get=extend_schema(operation_id=f"{listing.name}_get", responses=row, tags=[listing.name])
    )
    return (
        described(type("ListAPI", (ListAPI,), {"listing": listing})),
        one(type("RowAPI", (RowAPI,), {"listing": listing})),
    )


def urlpatterns_of_lists() -> list[URLPattern]:
    """Return two addresses for every registered list."""
    found = []
    for name, listing in listings.items():
        with translation.override("en"):  # the schema's descriptions are made once, for everybody
            rows, row = views_of(listing)
        found += [
            path(f"{name}/", rows.as_view(), name=name),
            path(f"{name}/<int:pk>/", row.as_view(), name=f"{name}-row"),
        ]
    return found
