"""Clients that send ballots: `python -m benchmarks.ballot_clients PORT CLIENTS SPREAD`, ballots as JSON on stdin.

Each client has one connection, kept open, and sends one ballot after the other; it begins at a moment by chance within
SPREAD seconds. Prints how long an answer took and how many came a second; an answer without a receipt is an error.
"""

import asyncio
import json
import random
import sys
import time


async def _client(port: int, mine: list[bytes], after: float, took: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await asyncio.sleep(after)
    for request in mine:
        started = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
        )
        body = await reader.readexactly(length)
        took.append(time.perf_counter() - started)
        if b" 200 " not in head[:16] or b'"receipt": ' not in body:
            raise RuntimeError(f"no receipt: {head[:40]!r} {body!r}")
    writer.close()


def _request(ballot: dict[str, str]) -> bytes:
    body = json.dumps({"pass": ballot["pass"], "choice": ballot["choice"], "seen": 0}).encode()
    head = (
        "POST /besluiten/stem/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Cookie: {ballot['cookie']}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _main(port: int, clients: int, spread: float) -> None:
    requests = [_request(ballot) for ballot in json.load(sys.stdin)]
    took: list[float] = []
    chance = random.Random(1)
    work = [
        _client(port, requests[number::clients], chance.random() * spread, took) for number in range(clients)
    ]
    started = time.perf_counter()
    await asyncio.gather(*work)
    seconds = time.perf_counter() - started
    took.sort()
    figures = {
        "count": len(took),
        "rate": len(took) / seconds,
        "median": took[len(took) // 2],
        "p95": took[int(len(took) * 0.95)],
        "slowest": took[-1],
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
