"""Sheets that somebody fetches, as lines."""

import io

import pytest
from python_calamine import CalamineWorkbook

from safegrid.kernel.listing.exports import XLSX


@pytest.fixture
def sheet(client):
    """Fetch the sheet at `url` as `user` and return its lines."""

    def fetch(user, url):
        client.force_login(user)
        response = client.get(url)
        assert response.status_code == 200, url
        assert response["Content-Type"] == XLSX
        book = CalamineWorkbook.from_filelike(io.BytesIO(response.getvalue()))
        return book.get_sheet_by_index(0).to_python(skip_empty_area=False)

    return fetch
