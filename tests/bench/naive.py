"""Yardstick N: a naive hotline on the same aiomqtt. It keeps nothing on disk and repairs nothing.

`echo` answers every notice; `ask` keeps a number of notices in flight, with a dict entry and a
timer for each. It is what one would write in an afternoon: `echo` waits for each answer's PUBACK
before it takes the next notice. With a task for each answer it would make some 40 % more exchanges.
One thing is better: it switches off Nagle's algorithm. "naive with Nagle" leaves it on, as aiomqtt
does, and waits 40 ms for a delayed acknowledgement of TCP again and again.
"""

import asyncio
import json
import socket
import time

import aiomqtt

from tests.bench.processes import tell_ready

SOCKET_OPTIONS: dict[str, tuple[tuple[int, int, int], ...]] = {
    "naive": ((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),),
    "naive with Nagle": (),
}
BODY = {"activity": "survey", "remarks": "." * 250}


async def echo(kind: str, port: int) -> None:
    """The other party: answers until it is killed."""
    async with aiomqtt.Client("127.0.0.1", port, socket_options=SOCKET_OPTIONS[kind]) as client:
        await client.subscribe("naive/notice", qos=1)
        tell_ready()
        async for message in client.messages:
            notice = json.loads(message.payload)
            answer = json.dumps({"id": notice["id"], "answer": "ROGER"})
            await client.publish("naive/answer", answer, qos=1)


async def ask(
    kind: str, port: int, count: int, in_flight: int, warm_up: int
) -> tuple[float, list[float]]:
    """Seconds for `count` exchanges after the warm-up, and the round trip of each."""
    async with aiomqtt.Client("127.0.0.1", port, socket_options=SOCKET_OPTIONS[kind]) as client:
        client.pending_calls_threshold = in_flight  # no warnings
        await client.subscribe("naive/answer", qos=1)
        loop = asyncio.get_running_loop()
        waiting: dict[int, tuple[float, asyncio.TimerHandle]] = {}
        room = asyncio.Semaphore(in_flight)
        trips: list[float] = []
        total, began_s = count + warm_up, time.perf_counter()

        async def send(number: int) -> None:
            timer = loop.call_later(120, print, "unanswered", number)
            waiting[number] = (time.perf_counter(), timer)
            notice = json.dumps({"id": number, "at": time.perf_counter(), "body": BODY})
            await client.publish("naive/notice", notice, qos=1)

        async def hear() -> None:
            nonlocal began_s
            async for message in client.messages:
                said_s, timer = waiting.pop(json.loads(message.payload)["id"])
                timer.cancel()
                trips.append(time.perf_counter() - said_s)
                if len(trips) == warm_up:
                    began_s = time.perf_counter()
                room.release()
                if len(trips) == total:
                    return

        hearing = asyncio.create_task(hear())
        began_s = time.perf_counter()
        sending = set()
        for number in range(total):
            await room.acquire()
            sending.add(task := asyncio.create_task(send(number)))
            task.add_done_callback(sending.discard)
        await hearing
        return time.perf_counter() - began_s, trips[warm_up:]
