"""Many watches at once through the proxy, each on a connection of its own; all see one change. Verifies certificates."""
import asyncio, ssl, sys

port, authority, token, count, kubectl = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5:]
tls = ssl.create_default_context(cafile=authority)
REQUEST = f"GET /api/v1/namespaces/default/configmaps?watch=true&fieldSelector=metadata.name%3Dnews HTTP/1.1\r\nHost: localhost\r\nUser-Agent: test\r\nAuthorization: Bearer {token}\r\n\r\n"


async def watch(begun, places):
    # All are open at once in the end; so many handshakes at once would measure the machine.
    async with places:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=tls, server_hostname="127.0.0.1")
        writer.write(REQUEST.encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 200 "), answer
    begun.release()
    event = await reader.readuntil(b"}\n")
    writer.close()
    return b'"ADDED"' in event


async def main():
    begun, places = asyncio.Semaphore(0), asyncio.Semaphore(16)
    watches = [asyncio.create_task(watch(begun, places)) for _ in range(count)]
    for _ in watches:
        await begun.acquire()
    with open(kubectl[-1] + ".metrics", "w") as file:
        reader, writer = await asyncio.open_connection("127.0.0.1", 6444)
        writer.write(b"GET /metrics HTTP/1.0\r\n\r\n")
        file.write((await reader.read()).decode())
    changed = await asyncio.create_subprocess_exec(*kubectl[:-1], "--kubeconfig", kubectl[-1], "create", "configmap", "news", stdout=asyncio.subprocess.DEVNULL)
    await changed.wait()
    print(sum(await asyncio.gather(*watches)))

asyncio.run(asyncio.wait_for(main(), 120))
