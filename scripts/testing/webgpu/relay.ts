/** Joins the test processes with the page: every connection of a test is one of the page, message for message. */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { maxFrameBytes } from '../../../core/exchange/frames.ts';

export interface Relay {
  /** `127.0.0.1:port` */
  readonly host: string;
  /** The page's first message. */
  readonly ready: Promise<string>;
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
  const { promise: ready, resolve: setReady } = Promise.withResolvers<string>();
  const waiting = new Map<string, WebSocket>();
  let page: WebSocket | undefined;
  let lastNumber = 0;

  sockets.on('connection', (socket, { url }) => {
    if (url === '/page') {
      page = socket;
      socket.once('message', (data) => setReady(String(data)));
    } else if (url?.startsWith('/test')) {
      const number = String(++lastNumber);
      // Until its other half is there, nothing of it is read.
      socket.pause();
      waiting.set(number, socket);
      page?.send(JSON.stringify({ number, options: url.slice('/test?'.length) }));
    } else {
      const number = url?.split('/').at(-1) ?? '';
      const test = waiting.get(number);
      waiting.delete(number);
      if (test === undefined) return socket.close();
      join(test, socket);
      join(socket, test);
      test.resume();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    ready,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.close();
      await once(server, 'close');
    },
  };
}

function join(from: WebSocket, to: WebSocket): void {
  from.on('message', (data, isBinary) => to.send(data, { binary: isBinary }));
  // Codes below 1000 and these three are never sent.
  from.on('close', (code, reason) => (code >= 3000 || code === 1000 ? to.close(code, reason) : to.close()));
}
