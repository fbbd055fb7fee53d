/** The browser shell's HTTP and WebSocket server over one host. Loopback only. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { readStaticFile } from '../shell/staticFiles.ts';
import { securityHeaders } from '../shell/contentSecurity.ts';
import { maxFrameBytes } from '../../core/exchange/frames.ts';
import { ProblemError } from '../../core/problem.ts';
import type { Host } from '../host/host.ts';
import { createAccess, equal, isLoopbackHost, isOwnOrigin } from './access.ts';
import { serveGpuSocket } from './gpuSocket.ts';
import { serveSocket } from './socket.ts';

export const loopback = '127.0.0.1';
/** Close code for a page without a valid session. */
export const noSession = 4401;

export interface RunningServer {
  readonly port: number;
  /** The address with a fresh one-time token. */
  issueAddress(): string;
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly host: Host;
  readonly rendererFolder: string;
  /** 0 = any free one. */
  readonly port: number;
  /** Whether the next ports are tried when this one is taken. */
  readonly tryNext: boolean;
  /** Lets a second start on this library ask for an address. */
  readonly secret: string;
}

const portsTried = 50;

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const server = createServer();
  const port = await listen(server, options.port, options.tryNext ? portsTried : 1);
  // Cookies are shared by all ports of a host, so each server needs a name of its own.
  const access = createAccess(`layerbench-${port}`);
  const issueAddress = (): string => `http://${loopback}:${port}/?token=${access.issueToken()}`;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxFrameBytes, perMessageDeflate: false });

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', `http://${loopback}`);
    if (!isLoopbackHost(request.headers.host) || !isOwnOrigin(request, false))
      return refuse(response, 403, 'Layerbench answers its own page only.');

    if (request.method === 'POST' && url.pathname === '/address') {
      const given = request.headers['x-layerbench-secret'];
      if (typeof given !== 'string' || !equal(given, options.secret)) return refuse(response, 403, 'Wrong secret.');
      return send(response, 200, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' }, issueAddress());
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'Only GET is answered here.');

    if (url.pathname === '/session') return send(response, access.hasSession(request) ? 204 : 401, { 'Cache-Control': 'no-store' }, '');

    const token = url.searchParams.get('token');
    if (url.pathname === '/' && token !== null) {
      const session = access.redeem(token);
      // A reload of the first address in the same browser has a session already.
      if (session === null && !access.hasSession(request)) return refuse(response, 403, usedToken);
      const cookie: Record<string, string> = session === null ? {} : { 'Set-Cookie': access.cookie(session) };
      return send(response, 303, { Location: '/', 'Cache-Control': 'no-store', ...cookie }, '');
    }
    if (!access.hasSession(request)) return refuse(response, 401, needsToken);

    const file = await readStaticFile(options.rendererFolder, url.pathname);
    if (file === null) return refuse(response, 404, 'There is no such page.');
    send(response, 200, file.headers, file.body);
  };

  server.on('request', (request, response) => {
    respond(request, response).catch((error: unknown) => {
      options.host.log.error('http', error);
      if (!response.headersSent) refuse(response, 500, 'Something went wrong inside Layerbench.');
    });
  });

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const serve = request.url === '/socket' ? serveSocket : request.url === '/gpu' ? serveGpuSocket : undefined;
    if (serve === undefined || !isLoopbackHost(request.headers.host) || !isOwnOrigin(request, true)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (connection) => {
      if (access.hasSession(request)) serve(connection, options.host);
      else connection.close(noSession, 'Open the address that Layerbench printed.');
    });
  });

  return {
    port,
    issueAddress,
    async close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const usedToken = 'This address was already used. Start Layerbench again to get a new one; it goes on where it is.';
const needsToken = 'Open the address that Layerbench printed when it started: it contains the key to this page.';

function refuse(response: ServerResponse, status: number, sentence: string): void {
  send(response, status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }, `${sentence}\n`);
}

function send(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>, body: string | Buffer): void {
  response.writeHead(status, { ...securityHeaders, ...headers });
  response.end(response.req.method === 'HEAD' ? '' : body);
}

async function listen(server: Server, first: number, tries: number): Promise<number> {
  for (let port = first; ; port += 1) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, loopback, () => {
          server.off('error', reject);
          resolve();
        });
      });
      return (server.address() as AddressInfo).port;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const last = port + 1 >= first + tries || port >= 65_535;
      if ((code === 'EADDRINUSE' || code === 'EACCES') && !last) continue;
      if (code === 'EADDRINUSE') {
        throw new ProblemError({
          code: 'serve.portInUse',
          message: `Port ${port} is in use by another program.`,
          hint: 'Choose another one with --port, or leave --port out.',
        });
      }
      if (code === 'EACCES')
        throw new ProblemError({
          code: 'serve.portForbidden',
          message: `Port ${port} may not be used by this account.`,
          hint: 'Choose a port above 1023.',
        });
      throw error;
    }
  }
}
