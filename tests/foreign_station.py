"""A party's station written from docs/protocol.md, with paho-mqtt and none of our code.

Its disk is one file of lines: the records heard and said, in the order of the commits.
It has a thread of its own; `say` and `stop` may be called from any other.
"""

import base64
import hashlib
import json
import os
import queue
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

MAX_RECORD, MAX_PAYLOAD = 65_536, 262_144
Json = dict[str, Any]
Answers = Callable[[Json], Json | None]  # the body of a reply to a record, if it asks for one


def now() -> str:
    """The present time as the wire has it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def digest(raw: bytes) -> str:
    """The `prev` of the next record."""
    return base64.urlsafe_b64encode(hashlib.sha256(raw).digest()).rstrip(b"=").decode()


class ForeignStation(threading.Thread):
    """One party; `others` are all other stations of its line, `timers` are in seconds."""

    def __init__(
        self, file: Path, line: str, name: str, others: list[str], port: int, *,
        timers: dict[str, float], answers: Answers,
    ) -> None:  # fmt: skip
        super().__init__(name=name, daemon=True)
        self.me, self.others, self.port, self.timers = name, others, port, timers
        self.root = f"hotline/v1/{line}"
        self.line, self.answers = line, answers
        self.journals: dict[str, list[bytes]] = {station: [] for station in [name, *others]}
        self.words: queue.SimpleQueue[tuple[str, Json]] = queue.SimpleQueue()
        self.stopping = threading.Event()
        self.online, self._online_at = False, 0.0
        self._unheard = set(others)
        self._forked = False
        self._claims: dict[tuple[str, str], int] = {}  # by author and claimer
        self._told: dict[str, datetime] = {}  # the time of each station's last live status
        self._heard_at = dict.fromkeys(others, 0.0)
        self._gone: set[str] = set()
        self._greeted: dict[str, datetime] = {}  # each station's connection
        self._asked: dict[str, tuple[int, float]] = {}  # by author: after which number, and when
        self._wanted: list[tuple[str, str, int]] = []  # reader, author, after which number
        self._arrived: list[mqtt.MQTTMessage] = []
        self._heard: list[bytes] = []
        self._status_due = 0.0
        self._desk: dict[int, Json] = {}  # replies to the other party's records
        self._answered: set[int] = set()
        whole = (file.read_bytes() if file.exists() else b"").rpartition(b"\n")
        for raw in whole[0].split(b"\n") if whole[0] else []:
            self._store(raw)
        self.disk = file.open("ab")
        os.truncate(file, len(whole[0] + whole[1]))  # a line that a crash has cut off

    def say(self, kind: str, body: Json) -> None:
        """Say something as soon as the station may."""
        self.words.put((kind, body))

    def stop(self) -> None:
        """Leave with a goodbye."""
        self.stopping.set()
        self.join()

    # The link

    def run(self) -> None:
        """Be on the line until `stop`, through as many connections as it takes."""
        while not self.stopping.is_set():
            client = self._client()
            try:
                client.connect("127.0.0.1", self.port, keepalive=5)
                while not self.stopping.is_set():
                    if client.loop(0.02) != mqtt.MQTT_ERR_SUCCESS:
                        break
                    if self.online:
                        self._turn(client)
                else:
                    self._leave(client)
            except OSError:
                pass
            self.online = False
            self.stopping.wait(0.1)
        self.disk.close()

    def _client(self) -> mqtt.Client:
        client = mqtt.Client(CallbackAPIVersion.VERSION2, f"{self.me}-{uuid.uuid4().hex[:8]}")
        self.since = now()
        will = self._status(online=False, reason="link lost")
        client.will_set(f"{self.root}/{self.me}/status", will, qos=1, retain=True)
        client.on_connect = self._subscribe
        client.on_subscribe = self._ready
        client.on_message = lambda _client, _data, message: self._arrived.append(message)
        return client

    def _subscribe(self, client: mqtt.Client, *_: object) -> None:
        filters = [f"{self.root}/{self.me}/status"]
        for other in self.others:
            says = ("records", "status", "resend/+", f"replay/{self.me}")
            filters += [f"{self.root}/{other}/{topic}" for topic in says]
        client.subscribe([(each, 1) for each in filters])

    def _ready(self, _client: mqtt.Client, _data: object, _mid: int, *codes: object) -> None:
        granted = codes[0]
        assert isinstance(granted, list)
        if any(code.is_failure for code in granted):
            raise OSError("the broker refuses a subscription")
        self.online, self._status_due = True, 0.0
        self._asked.clear()
        self._online_at = time.monotonic()
        self._heard_at = dict.fromkeys(self.others, self._online_at)
        self._gone.clear()

    # One turn: hear, commit, let out

    def _turn(self, client: mqtt.Client) -> None:
        if time.monotonic() - self._online_at >= self.timers["greeting"]:
            self._unheard.clear()
        arrived, self._arrived = self._arrived, []
        for message in arrived:
            self._hear(message)
        said = self._speak()
        if self._heard or said:
            self.disk.write(b"".join(raw + b"\n" for raw in [*self._heard, *said]))
            self.disk.flush()
            os.fsync(self.disk.fileno())
        if self._heard:
            self._status_due = min(self._status_due, time.monotonic() + 0.01)
            self._heard = []
        for raw in said:  # nothing is let out before it is on disk
            self.publish(client, "records", raw)
        for reader, of, after in self._wanted:
            if batch := self._batch(of, after):
                self.publish(client, f"replay/{reader}", batch)
        self._wanted = []
        self._ask(client)
        if time.monotonic() >= self._status_due:
            self._status_due = time.monotonic() + self.timers["heartbeat"]
            self.publish(client, "status", self._status(online=True))

    def publish(self, client: mqtt.Client, topic: str, payload: bytes) -> None:
        """Say this beneath our root."""
        retain = topic == "status"
        client.publish(f"{self.root}/{self.me}/{topic}", payload, qos=1, retain=retain)

    def _leave(self, client: mqtt.Client) -> None:
        goodbye = self._status(online=False, reason="goodbye")
        self.publish(client, "status", goodbye)
        while client.want_write():
            client.loop(0.02)
        client.disconnect()

    # In

    def _hear(self, message: mqtt.MQTTMessage) -> None:
        _, _, _, teller, channel, *argument = message.topic.split("/")
        try:
            if channel == "status" and message.payload:
                status = json.loads(message.payload)
                if teller == self.me:
                    if not status["online"]:  # a late will of an earlier connection
                        self._status_due = 0.0
                else:
                    self._hear_status(teller, status, live=not message.retain)
            elif channel == "resend":
                self._hear_resend(teller, argument[0], int(json.loads(message.payload)["after"]))
            elif channel in {"records", "replay"}:
                for raw in bytes(message.payload).split(b"\n"):
                    if raw:
                        self._hear_record(teller, channel, raw)
        except (ValueError, LookupError, TypeError):
            return  # no status, no record, no request: dropped

    def _hear_status(self, teller: str, status: Json, *, live: bool) -> None:
        status = {member: said for member, said in status.items() if said is not None}
        at = datetime.fromisoformat(status["at"])
        since = datetime.fromisoformat(str(status.get("since", status["at"])))
        if (live and status["online"]) or status.get("reason") == "goodbye":
            self._unheard.discard(teller)
        last_word = live and status["online"] and at >= self._told.get(teller, at)
        for of, head in {teller: status["head"], **status.get("held", {})}.items():
            if last_word or head > self._claims.get((of, teller), 0):
                self._claims[of, teller] = head
        if status["online"] and live:
            self._heard_at[teller] = time.monotonic()
            self._gone.discard(teller)
            if self._greeted.get(teller) != since:
                self._greeted[teller], self._status_due = since, 0.0
            upto = status.get("held", {}).get(self.me, 0)
            shown, ours = status.get("digests", {}).get(self.me), self.journals[self.me]
            if shown and 0 < upto <= len(ours) and digest(ours[upto - 1])[:16] != shown:
                self._forked = True
        elif not status["online"] and since >= self._greeted.get(teller, since):
            self._gone.add(teller)
        if last_word:
            self._told[teller] = at

    def _hear_resend(self, reader: str, of: str, after: int) -> None:
        silent = self.timers["silent"]
        gone = of in self._gone or time.monotonic() - self._heard_at.get(of, 0) >= silent
        if of in {self.me, reader} or gone:
            self._wanted.append((reader, of, after))

    def _hear_record(self, teller: str, channel: str, raw: bytes) -> None:
        record = json.loads(raw)
        of, seq, prev = record["station"], record["seq"], record.get("prev")
        foreign = record["v"] != 1 or record["line"] != self.line or of not in self.journals
        if foreign or len(raw) > MAX_RECORD or (channel == "records" and of != teller):
            return
        copy = self.journals[of]
        if seq > len(copy) + 1:
            self._claims[of, teller] = max(seq, self._claims.get((of, teller), 0))
        elif seq == len(copy) + 1 and prev in {None, digest(copy[-1]) if copy else ""}:
            self._store(raw)
            self._heard.append(raw)

    def _store(self, raw: bytes) -> None:
        """Take the next record of a journal; note what there is to answer."""
        record = json.loads(raw)
        self.journals[record["station"]].append(raw)
        if record["station"] == self.me and record["kind"] == "reply":
            self._answered.add(record["body"]["refers_to"]["seq"])  # it may have come back first
        elif record["station"] != self.me and (body := self.answers(record)):
            refers_to = {"station": record["station"], "seq": record["seq"]}
            self._desk[record["seq"]] = {"refers_to": refers_to, **body}

    # Out

    def _is_behind(self, of: str) -> bool:
        return any(n > len(self.journals[of]) for (who, _), n in self._claims.items() if who == of)

    def _speak(self) -> list[bytes]:
        if self._unheard or self._forked or self._is_behind(self.me):
            return []
        words = [("reply", self._desk[n]) for n in self._desk.keys() - self._answered]
        self._desk.clear()
        while not self.words.empty():
            words.append(self.words.get())
        said = []
        for kind, body in words:
            own = self.journals[self.me]
            prev = digest(own[-1]) if own else ""
            record = {"v": 1, "line": self.line, "station": self.me, "seq": len(own) + 1}
            record |= {"at": now(), "prev": prev, "kind": kind, "body": body}
            said.append(json.dumps(record, separators=(",", ":")).encode())
            self._store(said[-1])
        return said

    def _batch(self, of: str, after: int) -> bytes:
        batch: list[bytes] = []
        for raw in self.journals.get(of, [])[after:]:
            if sum(map(len, batch)) + len(batch) + len(raw) > MAX_PAYLOAD:
                break
            batch.append(raw)
        return b"\n".join(batch)

    def _ask(self, client: mqtt.Client) -> None:
        for of, copy in self.journals.items():
            after, when = self._asked.get(of, (-1, 0.0))
            waits = after == len(copy) and time.monotonic() - when < self.timers["resend"]
            if self._is_behind(of) and not waits:
                self._asked[of] = len(copy), time.monotonic()
                self.publish(client, f"resend/{of}", b'{"after": %d}' % len(copy))

    def _status(self, *, online: bool, reason: str = "") -> bytes:
        heads = {of: copy for of, copy in self.journals.items() if copy}
        status: Json = {"v": 1, "line": self.line, "station": self.me, "role": "party"}
        status |= {"at": now(), "since": self.since, "online": online}
        status |= {"reason": reason} if reason else {}
        status["head"] = len(self.journals[self.me])
        status["held"] = {of: len(self.journals[of]) for of in self.others}
        status["digests"] = {of: digest(copy[-1])[:16] for of, copy in heads.items()}
        return json.dumps(status).encode()
