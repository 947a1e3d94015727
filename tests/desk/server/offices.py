"""An office without a station: two journals, and the spokesman who reads them."""

import json
from typing import Any

import pytest

from hotline.bodies import Body, Kind, Ref
from hotline.desk.requests import Speech, read_request
from hotline.desk.server.spokesman import Spokesman
from hotline.errors import LocalError
from hotline.picture.picture import Picture
from hotline.records import Record
from tests.helpers import LINE, T0, Author


class Office:
    """Both parties' journals, read by tur's spokesman."""

    def __init__(self) -> None:
        self.isr, self.tur = Author("isr"), Author("tur")
        self.picture = Picture(LINE)
        self.records: dict[Ref, Record] = {}
        self.spokesman = Spokesman(self.picture, "tur", self.records.get)

    def says(self, author: Author, kind: Kind, body: Body) -> Ref:
        """One of them says something."""
        record = author.says(kind, body)
        self.picture.fold(record)
        self.records[record.ref] = record
        return record.ref

    def wants(self, now_ms: int = T0, **request: Any) -> Body:
        """The body that a request makes."""
        read = read_request(json.dumps(request).encode())
        assert isinstance(read, Speech)
        return self.spokesman.word_for(read, now_ms)

    def refuses(self, now_ms: int = T0, **request: Any) -> str:
        """Why a request is refused."""
        with pytest.raises(LocalError) as refused:
            self.wants(now_ms, **request)
        return str(refused.value)

    def takes(self, body: Body, kind: Kind) -> None:
        """What was made makes sense in the picture."""
        before = dict(self.picture.invalid)
        self.says(self.tur, kind, body)
        assert self.picture.invalid == before
