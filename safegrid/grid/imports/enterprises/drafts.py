"""From cells to what they say: a draft of an enterprise and its site, checked by itself and in its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from safegrid.grid.choices import Level
from safegrid.grid.imports import values
from safegrid.grid.imports.enterprises.fields import LIMITS
from safegrid.grid.imports.kinds import Row, Terms
from safegrid.grid.imports.problems import Rejected
from safegrid.grid.keys import import_key
from safegrid.grid.places.atlas import Place
from safegrid.grid.places.placing import Clue, Placement, Surveyor
from safegrid.grid.places.positions import Position, to_wgs84
from safegrid.kernel.bigrams import normal


@dataclass
class Draft:
    """A row, understood: only what its cells say."""

    row: Row
    name: str
    code: str | None
    key: str  # what the enterprise is recognised by
    enterprise: dict[str, Any]  # values by column of the database
    site: dict[str, Any]
    clue: Clue
    placement: Placement = field(default_factory=lambda: Placement(None))

    @property
    def is_silent(self) -> bool:
        """Whether the row says nothing of where the site is."""
        return self.clue == Clue()


class Drafter:
    """Understands row after row of one file, and remembers which it has seen."""

    def __init__(self, terms: Terms, surveyor: Surveyor) -> None:
        self.terms = terms
        self.surveyor = surveyor
        self.atlas = surveyor.atlas
        self.industries = values.Industries()
        self.features = values.Features()
        self._seen: dict[tuple[str, ...], int] = {}
        #: Rows by name and address: those without a code, and those with one.
        self._otherwise: tuple[dict[tuple[str, ...], int], ...] = ({}, {})
        self._named: dict[str, tuple[str, int]] = {}
        self._stated: dict[tuple[str, ...], Place | None] = {}
        city = self.atlas.city
        self._city = {normal(n) for n in (city.name, city.short_name, city.name_en)} if city else set()

    def understand(self, row: Row) -> Draft:
        """Return what a row says. Raises Rejected."""
        cells = row.values
        name = " ".join(cells.get("name", "").split())
        if not name:
            raise Rejected("missing", field="name")
        if len(cells) > 1 and not any(text for code, text in cells.items() if code != "name"):
            raise Rejected("only_a_name")
        for column, limit in LIMITS.items():
            if len(cells.get(column, "")) > limit:
                raise Rejected("too_long", field=column, limit=limit)
        uscc = values.code(cells["uscc"]) if cells.get("uscc") else None
        address = cells.get("address", "")
        position = self._position(cells)
        clue = Clue(address, position, self._place(cells))
        draft = Draft(
            row,
            name,
            uscc,
            import_key(code=uscc, name=name, address=address),
            self._of_enterprise(cells, uscc),
            self._of_site(cells, position),
            clue,
        )
        self._only_once(draft)
        return draft

    def _of_enterprise(self, cells: Mapping[str, str], uscc: str | None) -> dict[str, Any]:
        given: dict[str, Any] = {c: cells[c] for c in ("name_en", "principal", "phone") if cells.get(c)}
        choices = ("size", "status") if uscc else ("size", "status", "no_uscc_reason")
        return given | {c: values.choice(c, cells[c]) for c in choices if cells.get(c)}

    def _of_site(self, cells: Mapping[str, str], position: Position | None) -> dict[str, Any]:
        given: dict[str, Any] = {c: values.choice(c, cells[c]) for c in ("risk", "status") if cells.get(c)}
        if cells.get("address"):
            given["address"] = cells["address"]
        if cells.get("site"):
            given["name"] = cells["site"]
        if cells.get("industry"):
            given["industry_id"] = self.industries.find(cells["industry"]).pk
        if cells.get("features"):
            given["features"] = self.features.find(cells["features"])
        if position is not None:
            given |= {"longitude": position[0], "latitude": position[1], "datum": self.terms.datum}
        return given

    def _position(self, cells: Mapping[str, str]) -> Position | None:
        found = values.position(cells.get("longitude", ""), cells.get("latitude", ""))
        found = found or values.pair(cells.get("position", ""))
        return None if found is None else to_wgs84(found, self.terms.datum)

    def _place(self, cells: Mapping[str, str]) -> Place | None:
        """Return the place that the row's own columns state, as deep as they can be followed."""
        words = tuple(cells.get(level, "") for level in ("district", "township", "community", "cell"))
        if words not in self._stated:
            self._stated[words] = self._follow(*words)
        return self._stated[words]

    def _follow(self, district: str, township: str, community: str, cell: str) -> Place | None:
        place, gazetteer = None, self.surveyor.gazetteer
        if district and normal(district) not in self._city:
            place = self.atlas.codes.find(district) or gazetteer.resolve(district).place
            if place is None:
                raise Rejected("unknown_district", text=district)
        if township:
            deeper = gazetteer.child(place, Level.TOWNSHIP, township)
            if deeper is None:
                where = place or self.atlas.city
                raise Rejected("unknown_township", text=township, place=where.name if where else "")
            place = deeper
        # Lists of villages and cells change from year to year: an unknown one leaves the township.
        for level, word in ((Level.COMMUNITY, community), (Level.CELL, cell)):
            if word and place is not None:
                place = gazetteer.child(place, level, word) or place
        return place

    def _only_once(self, draft: Draft) -> None:
        """Refuse what an earlier row of the file has: the same site, or the same code with another name."""
        number, name = draft.row.number, normal(draft.name)
        if draft.code:
            first, row = self._named.setdefault(draft.code, (name, number))
            if first != name:
                raise Rejected("uscc_other_row", row=row)
        site: tuple[str, ...] = ()
        if "site" in self.terms.mapping:  # then an enterprise may have several rows
            site = (normal(draft.site.get("name", "")), normal(draft.clue.address))
        # With its code and without it, a name at an address is one enterprise.
        plain = (import_key(code=None, name=draft.name, address=draft.clue.address), *site)
        row = self._otherwise[not draft.code].get(plain) or self._seen.setdefault((draft.key, *site), number)
        if row != number:
            raise Rejected("duplicate", row=row)
        self._otherwise[bool(draft.code)].setdefault(plain, number)
