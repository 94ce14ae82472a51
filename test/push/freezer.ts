import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What stands between two machines: it carries bytes, and at a word none of them, while no connection is closed. */
export async function startFreezer(port: number) {
  const sockets = new Set<Socket>();
  let opened = 0;
  let open = 0;
  const server = createServer((near) => {
    opened += 1;
    open += 1;
    near.on('close', () => {
      open -= 1;
    });
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    opened: () => opened,
    open: () => open,
    /** The connections there are go silent; new ones are carried. */
    freeze() {
      for (const socket of sockets) socket.unpipe().pause();
    },
    /** What came meanwhile is lost; what was closed meanwhile is closed. */
    thaw() {
      for (const socket of sockets) socket.resume();
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
