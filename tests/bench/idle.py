"""Opens so many TLS connections, says `open N`, and holds them silently until standard input ends: idle.py ADDRESS PORT N"""

import asyncio
import resource
import ssl
import sys

AT_ONCE = 32


async def main(address, port, wanted):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    held, turn = [], asyncio.Semaphore(AT_ONCE)

    async def one():
        async with turn:
            held.append(await asyncio.wait_for(asyncio.open_connection(address, port, ssl=context), 20))

    results = await asyncio.gather(*(one() for _ in range(wanted)), return_exceptions=True)
    print(f"open {sum(result is None for result in results)}", flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
