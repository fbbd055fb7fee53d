import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { decodeFrame, encodeFrame, maxFrameBytes } from '../../core/exchange/frames.ts';
import { testAdapter } from '../../core/testing/gpuAdapter.ts';
import { resourcesFolder } from '../host/folders.ts';
import { createHost } from '../host/host.ts';
import type { Host } from '../host/host.ts';
import { announceServer, findRunningServer, withdrawServer } from './runningInstance.ts';
import { startServer } from './server.ts';
import type { RunningServer } from './server.ts';

let folder: string;
let host: Host;
let server: RunningServer;
let origin: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'layerbench-serve-'));
  mkdirSync(join(folder, 'renderer', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'renderer', 'index.html'), '<title>Layerbench</title>');
  writeFileSync(join(folder, 'renderer', 'assets', 'main-1.js'), 'export {}');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  host = await createHost({ libraryFolder: join(folder, 'library'), resourcesFolder: resourcesFolder(), shell: 'browser' });
  server = await startServer({ host, rendererFolder: join(folder, 'renderer'), port: 0, tryNext: false, secret: 'the secret' });
  origin = `http://127.0.0.1:${server.port}`;
});
afterAll(async () => {
  await server.close();
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Unlike fetch, sends the path and the Host header as they are given. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: server.port, path, headers, method }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    request.on('error', reject);
    request.end();
  });
}

async function signIn(): Promise<string> {
  const { pathname, search } = new URL(server.issueAddress());
  const answer = await ask(pathname + search);
  return String(answer.headers['set-cookie']).split(';')[0] ?? '';
}

/** The HTTP status of a refused handshake, or the close code and reason after an accepted one. */
function outcome(headers: Record<string, string>, path = '/socket'): Promise<{ status?: number; code?: number }> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers });
    socket.on('unexpected-response', (_request, response) => resolve({ status: response.statusCode ?? 0 }));
    socket.on('close', (code) => resolve({ code }));
    socket.on('error', () => undefined);
  });
}

async function connect(): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/socket`, { headers: { cookie: await signIn(), origin } });
  await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
  return socket;
}

const nextFrame = (socket: WebSocket): Promise<unknown> =>
  new Promise((resolve) => socket.once('message', (data: Buffer, binary) => resolve(decodeFrame(binary ? data : data.toString()))));

describe('pages', () => {
  it('need the token of the printed address, which works once', async () => {
    const { pathname, search } = new URL(server.issueAddress());
    expect((await ask('/')).status).toBe(401);
    const first = await ask(pathname + search);
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe('/');
    const cookie = String(first.headers['set-cookie']);
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict; Path=\/$/);
    expect((await ask(pathname + search)).status).toBe(403);
    const session = { cookie: cookie.split(';')[0] ?? '' };
    expect((await ask(pathname + search, session)).status).toBe(303);
    const page = await ask('/', session);
    expect(page.body).toContain('Layerbench');
    expect((await ask('/session', session)).status).toBe(204);
    expect((await ask('/session')).status).toBe(401);
    expect((await ask('/', { cookie: `layerbench-${server.port}=wrong` })).status).toBe(401);
    expect((await ask('/?token=wrong')).status).toBe(403);
  });

  it('carry the security headers, types and caching', async () => {
    const cookie = await signIn();
    const page = await ask('/', { cookie });
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-cache',
    });
    expect(page.headers['content-security-policy']).toContain("script-src 'self' 'wasm-unsafe-eval';");
    const script = await ask('/assets/main-1.js', { cookie });
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(script.headers['cache-control']).toContain('immutable');
    expect((await ask('/', { cookie }, 'HEAD')).body).toBe('');
  });

  it.each(['/../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/assets/../../secret.txt', '/%00', '/%', '/nothing.js', '/assets'])(
    '%s is not found',
    async (path) => {
      const answer = await ask(path, { cookie: await signIn() });
      expect(answer.status).toBe(404);
      expect(answer.body).not.toContain('secret');
    },
  );

  it.each([
    ['a foreign Host', { host: 'evil.example' }],
    ['a Host that only begins well', { host: '127.0.0.1.evil.example:80' }],
    ['a foreign Origin', { origin: 'http://evil.example' }],
    ['the Origin of another local server', { origin: 'http://127.0.0.1:1' }],
    ['no page’s Origin', { origin: 'null' }],
  ])('refuse %s, even with a session', async (_name, headers) => {
    expect((await ask('/', { cookie: await signIn(), ...headers })).status).toBe(403);
  });

  it('answer through a tunnel that ends at another port', async () => {
    expect((await ask('/', { cookie: await signIn(), host: 'localhost:9000', origin: 'http://localhost:9000' })).status).toBe(200);
  });

  it('are not changed by other methods', async () => {
    expect((await ask('/', { cookie: await signIn() }, 'POST')).status).toBe(405);
  });
});

describe('socket', () => {
  it('refuses wrong Origin, missing Origin, wrong Host and wrong path', async () => {
    const cookie = await signIn();
    expect(await outcome({ cookie, origin: 'http://evil.example' })).toEqual({ status: 403 });
    expect(await outcome({ cookie })).toEqual({ status: 403 });
    expect(await outcome({ cookie, origin: 'http://evil.example', host: 'evil.example' })).toEqual({ status: 403 });
    expect(await outcome({ cookie, origin }, '/other')).toEqual({ status: 403 });
  });

  it('closes with 4401 without a session', async () => {
    expect(await outcome({ origin })).toEqual({ code: 4401 });
    expect(await outcome({ origin, cookie: `layerbench-${server.port}=x` })).toEqual({ code: 4401 });
  });

  it('answers calls and carries events', async () => {
    const socket = await connect();
    socket.send(encodeFrame({ id: 3, name: 'settings.get', args: {} }));
    expect(await nextFrame(socket)).toEqual({ id: 3, reply: { ok: true, value: { theme: 'system', textScale: 1, workspace: {} } } });
    const event = nextFrame(socket);
    void host.router.call('documents.create', { from: { empty: 'mine' } });
    expect(await event).toEqual({ event: 'documents.changed', value: {} });
    socket.close();
  });

  it('carries bytes both ways', async () => {
    const socket = await connect();
    socket.send(encodeFrame({ id: 1, name: 'data.preview', args: { id: 'fashion-mnist', offset: 0, count: 3 } }));
    const frame = (await nextFrame(socket)) as { reply: { value: { images: { bytes: Uint8Array } } } };
    expect(frame.reply.value.images.bytes).toHaveLength(3 * 784);
    expect(frame.reply.value.images.bytes.some((byte) => byte > 0)).toBe(true);
    socket.close();
  });

  it.each([
    ['no JSON', 'hello', 1002],
    ['no call', '{"id":1}', 1002],
    ['a broken binary frame', Buffer.from([9, 9, 9, 9, 9]), 1002],
    ['too much', Buffer.alloc(maxFrameBytes + 1), 1009],
  ])('closes after %s', async (_name, frame, expected) => {
    const socket = await connect();
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.send(frame);
    expect(await closed).toBe(expected);
  });
});

describe('the graphics socket', () => {
  it('is as guarded as the other one', async () => {
    const cookie = await signIn();
    expect(await outcome({ cookie, origin: 'http://evil.example' }, '/gpu')).toEqual({ status: 403 });
    expect(await outcome({ cookie }, '/gpu')).toEqual({ status: 403 });
    expect(await outcome({ cookie, origin: 'http://evil.example', host: 'evil.example' }, '/gpu')).toEqual({ status: 403 });
    expect(await outcome({ origin }, '/gpu')).toEqual({ code: 4401 });
  });

  it('says what the page can compute on, until it goes', async () => {
    const changed: unknown[] = [];
    const off = host.on('gpu.changed', (value) => changed.push(value.gpu.length, value.engines.includes('webgpu')));
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/gpu`, { headers: { cookie: await signIn(), origin } });
    await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
    socket.send(encodeFrame({ offer: { adapter: testAdapter } }));
    await expect.poll(() => changed).toEqual([1, true]);
    expect(await host.handlers['app.info']({})).toMatchObject({ gpu: [testAdapter] });
    socket.terminate();
    await expect.poll(() => changed).toEqual([1, true, 0, false]);
    off();
  });

  it.each([
    ['nonsense', 'hello', 1002],
    ['an offer of nothing', encodeFrame({ offer: 7 }), 4000],
    ['too much', Buffer.alloc(maxFrameBytes + 1), 1009],
  ])('closes after %s', async (_name, frame, expected) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/gpu`, { headers: { cookie: await signIn(), origin } });
    await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.send(frame);
    expect(await closed).toBe(expected);
  });
});

describe('starting', () => {
  const start = (port: number, tryNext: boolean): Promise<RunningServer> =>
    startServer({ host, rendererFolder: join(folder, 'renderer'), port, tryNext, secret: 's' });

  it('takes the next port, or says in one sentence that the wanted one is in use', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    await expect(start(port, false)).rejects.toThrow(
      `Port ${port} is in use by another program. Choose another one with --port, or leave --port out.`,
    );
    const next = await start(port, true);
    expect(next.port).toBeGreaterThan(port);
    await next.close();
    taken.close();
  });

  it('a second time gives the address of the server that runs', async () => {
    expect(await findRunningServer(join(folder, 'library'))).toBeNull();
    announceServer(join(folder, 'library'), server.port, 'the secret');
    expect(statSync(join(folder, 'library', 'serve.json')).mode & 0o077).toBe(0);
    const address = new URL((await findRunningServer(join(folder, 'library'))) ?? '');
    expect((await ask(address.pathname + address.search)).status).toBe(303);
    expect((await ask('/address', { 'x-layerbench-secret': 'guess' }, 'POST')).status).toBe(403);
    withdrawServer(join(folder, 'library'));
    expect(await findRunningServer(join(folder, 'library'))).toBeNull();
  });
});
