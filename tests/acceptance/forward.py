#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""forward.py URL FILE [PORT]: takes connections on a port of its own for the server of URL; the port goes into FILE.
Killed, it is that server being away; started again with its port, it is back."""

import asyncio
import contextlib
import sys
from pathlib import Path
from urllib.parse import urlsplit


async def pump(reader, writer):
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def main(url, file, port):
    async def serve(reader, writer):
        there, back = await asyncio.open_connection(url.hostname, url.port)
        await asyncio.gather(pump(reader, back), pump(there, writer))

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    Path(file).write_text(f"{server.sockets[0].getsockname()[1]}\n", encoding="utf-8")
    await server.serve_forever()


asyncio.run(main(urlsplit(sys.argv[1]), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 0))
