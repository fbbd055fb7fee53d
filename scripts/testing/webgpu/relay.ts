/**
 * Stands between the test processes and the page, as the host does between a trainer and a window: every connection of a
 * test is a lane to the page's graphics worker or, with `?pageBytes=`, a connection to the page itself.
 */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { maxFrameBytes } from '../../../core/exchange/frames.ts';
import { readOffer, type GpuOffer } from '../../../core/engines/remote/handshake.ts';
import { createLaneOpener, isLaneMessage, type LaneOpener } from '../../../core/engines/remote/lanes.ts';
import type { EnginePort } from '../../../core/engines/remote/port.ts';
import { createSocketPort, type SocketLike } from '../../../core/engines/remote/transports.ts';

export interface Relay {
  /** `127.0.0.1:port` */
  readonly host: string;
  /** The adapter of the page's worker, or why there is none. */
  readonly offer: Promise<GpuOffer['offer']>;
  close(): Promise<void>;
}

/** @param scripts by file name; `/page` is an empty page that runs `page.js` */
export async function startRelay(scripts: ReadonlyMap<string, string>): Promise<Relay> {
  const server = http.createServer(({ url = '' }, response) => {
    const name = url.slice(1);
    const script = scripts.get(name);
    response.writeHead(200, { 'content-type': script === undefined ? 'text/html' : 'text/javascript' });
    response.end(script ?? `<!doctype html><title>Battery</title><script type="module" src="${name}.js"></script>`);
  });
  const sockets = new WebSocketServer({ server, maxPayload: maxFrameBytes });
  const { promise: offer, resolve: setOffer } = Promise.withResolvers<GpuOffer['offer']>();
  let lanes: LaneOpener | undefined;
  let sayToPage: ((text: string) => void) | undefined;
  /** Tests that wait for their connection from the page. */
  const waiting = new Map<number, EnginePort>();
  let lastNumber = 0;

  sockets.on('connection', (socket, { url = '' }) => {
    const { pathname, searchParams } = new URL(url, 'ws://relay');
    if (pathname === '/page') {
      sayToPage = (text) => socket.send(text);
      return;
    }
    const port = createSocketPort(socket as unknown as SocketLike, 'The page with the engine is gone.');
    if (pathname === '/gpu') {
      const opener = (lanes = createLaneOpener((message) => port.post(message)));
      port.onMessage((message) => {
        if (isLaneMessage(message)) return opener.receive(message);
        const read = readOffer(message);
        if (read !== null) setOffer(read);
      });
      port.onClose((reason) => opener.endAll(reason));
    } else if (pathname === '/test' && searchParams.has('pageBytes')) {
      waiting.set(++lastNumber, port);
      sayToPage?.(JSON.stringify({ number: lastNumber, pageBytes: Number(searchParams.get('pageBytes')) }));
    } else {
      const other = pathname === '/test' ? lanes?.open() : waiting.get(Number(pathname.split('/').at(-1)));
      if (other === undefined) port.close('There is no page with an engine.');
      else join(port, other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    offer,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.close();
      await once(server, 'close');
    },
  };
}

/** What one port says, the other one hears. */
function join(one: EnginePort, other: EnginePort): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.onMessage((message) => to.post(message));
    from.onClose((reason) => to.close(reason));
  }
}
