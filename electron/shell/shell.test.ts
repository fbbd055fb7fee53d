import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { join } from 'node:path';
import type { IpcMain } from 'electron';
import { createMessagePortPort } from '../../core/engines/remote/transports.ts';
import { testAdapter } from '../../core/testing/gpuAdapter.ts';
import { createGpuHub } from '../host/gpuHub.ts';
import { answerAppRequest } from './appProtocol.ts';
import { callChannel, eventChannel, gpuChannel } from './channels.ts';
import { securityHeaders } from './contentSecurity.ts';
import { serveGpuPorts } from './gpuPort.ts';
import { answerCalls, forwardEvents } from './ipc.ts';
import { menuTemplate } from './menu.ts';
import { denyPermissions, isTrustedSender, lockContents, webPreferences } from './security.ts';
import { restoreWindowState } from './windowState.ts';
import { windowOptions } from './windowOptions.ts';

describe('security of the desktop window', () => {
  it('keeps the page in a sandbox without Node', () => {
    expect(webPreferences('/p')).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    });
    expect(windowOptions({ maximised: false }, '/p', true).webPreferences).toEqual(webPreferences('/p'));
  });

  it('allows no eval, no inline script and nothing remote', () => {
    const policy = securityHeaders['Content-Security-Policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(policy).not.toMatch(/'unsafe-eval'|https?:/);
    expect(policy).not.toMatch(/script-src[^;]*unsafe-inline/);
  });

  it.each([
    ['our page', { url: 'app://layerbench/', parent: null }, true],
    ['a frame inside it', { url: 'app://layerbench/', parent: {} }, false],
    ['another host of the scheme', { url: 'app://other/', parent: null }, false],
    ['a remote page', { url: 'https://layerbench/', parent: null }, false],
    ['a file', { url: 'file:///tmp/index.html', parent: null }, false],
    ['no address', { url: '', parent: null }, false],
    ['a frame that is gone', null, false],
  ])('trusts %s: %#', (_name, frame, trusted) => {
    expect(isTrustedSender(frame)).toBe(trusted);
  });

  it('refuses navigation, new windows and embedded pages', () => {
    const handlers = new Map<string, (event: { preventDefault(): void }) => void>();
    let openHandler: ((details: never) => unknown) | undefined;
    const contents = {
      on: (name: string, handler: never) => void handlers.set(name, handler),
      setWindowOpenHandler: (handler: never) => void (openHandler = handler),
    };
    lockContents(contents as never);
    expect(openHandler?.({} as never)).toEqual({ action: 'deny' });
    for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
      const preventDefault = vi.fn();
      handlers.get(name)?.({ preventDefault });
      expect(preventDefault, name).toHaveBeenCalledOnce();
    }
  });

  it('denies every permission but writing to the clipboard', () => {
    let request: ((contents: null, permission: string, answer: (allowed: boolean) => void) => void) | undefined;
    let check: ((contents: null, permission: string) => boolean) | undefined;
    denyPermissions({
      setPermissionRequestHandler: (handler: never) => void (request = handler),
      setPermissionCheckHandler: (handler: never) => void (check = handler),
      setDevicePermissionHandler: () => undefined,
    } as never);
    for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal']) {
      const answer = vi.fn();
      request?.(null, permission, answer);
      expect(answer).toHaveBeenCalledWith(false);
      expect(check?.(null, permission)).toBe(false);
    }
    expect(check?.(null, 'clipboard-sanitized-write')).toBe(true);
  });
});

describe('calls and events', () => {
  it('answers calls of our page only', async () => {
    const ipc = { handle: vi.fn() };
    const router = { call: vi.fn(() => Promise.resolve({ ok: true as const, value: 7 })) };
    answerCalls(ipc as unknown as IpcMain, router);
    const [channel, handler] = ipc.handle.mock.calls[0] as [string, (event: unknown, name: string, args: unknown) => unknown];
    expect(channel).toBe(callChannel);
    await expect(handler({ senderFrame: { url: 'app://layerbench/', parent: null } }, 'app.info', {})).resolves.toEqual({
      ok: true,
      value: 7,
    });
    expect(handler({ senderFrame: { url: 'https://evil.example/', parent: null } }, 'app.info', {})).toMatchObject({
      ok: false,
      problem: { code: 'call.sender' },
    });
    expect(router.call).toHaveBeenCalledOnce();
  });

  it('forwards events until the window is gone', () => {
    let listener: ((name: string, value: unknown) => void) | undefined;
    const contents = { send: vi.fn(), isDestroyed: vi.fn(() => false) };
    forwardEvents({ onAny: (l: never) => ((listener = l), () => undefined) }, contents);
    listener?.('runs.changed', {});
    contents.isDestroyed.mockReturnValue(true);
    listener?.('runs.changed', {});
    expect(contents.send.mock.calls).toEqual([[eventChannel, 'runs.changed', {}]]);
  });
});

describe('the port of the graphics worker', () => {
  it('is given to our page only, and carries offers and lanes to the host', async () => {
    const { port1, port2 } = new MessageChannel();
    let ask: ((event: unknown) => void) | undefined;
    const ipc = { on: (channel: string, listener: never) => void (channel === gpuChannel && (ask = listener)) };
    const gpu = createGpuHub({ hasWindows: true, onChange: () => undefined });
    serveGpuPorts(ipc as never, { gpu }, () => ({ port1, port2: mainPort(port2) }) as never);
    const evil = { url: 'https://evil.example/', parent: null, postMessage: vi.fn() };
    ask?.({ senderFrame: evil });
    ask?.({ senderFrame: null });
    expect(evil.postMessage).not.toHaveBeenCalled();
    const page = { url: 'app://layerbench/', parent: null, postMessage: vi.fn() };
    ask?.({ senderFrame: page });
    expect(page.postMessage).toHaveBeenCalledExactlyOnceWith(gpuChannel, null, [port1]);

    const window = createMessagePortPort(port1, 'gone');
    window.post({ offer: { adapter: testAdapter } });
    await expect.poll(() => gpu.state).toEqual({ gpu: [testAdapter] });
    port1.close();
    await expect.poll(() => gpu.state).toEqual({ gpu: [] });
  });

  /** As the main process sees a port. */
  function mainPort(port: MessagePort) {
    return {
      on: (type: string, listener: (event?: { data: unknown }) => void) =>
        void port.addEventListener(type as 'message', (event: Event & { data?: unknown }) =>
          listener(type === 'message' ? { data: event.data } : undefined),
        ),
      start: () => port.start(),
      postMessage: (message: unknown) => port.postMessage(message),
      close: () => port.close(),
    };
  }
});

describe('the app: protocol', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'layerbench-shell-'));
    mkdirSync(join(folder, 'renderer', 'assets'), { recursive: true });
    writeFileSync(join(folder, 'renderer', 'index.html'), '<title>Layerbench</title>');
    writeFileSync(join(folder, 'renderer', 'assets', 'a-1.js'), 'export {}');
    writeFileSync(join(folder, 'secret.txt'), 'secret');
    symlinkSync(join(folder, 'secret.txt'), join(folder, 'renderer', 'link.txt'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const get = (url: string, method = 'GET'): Promise<Response> => answerAppRequest(join(folder, 'renderer'), { url, method });

  it('serves the built page with its headers', async () => {
    const page = await get('app://layerbench/');
    expect(await page.text()).toContain('Layerbench');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect((await get('app://layerbench/assets/a-1.js')).headers.get('cache-control')).toContain('immutable');
  });

  it.each([
    ['app://layerbench/%2e%2e/secret.txt', 404],
    ['app://layerbench/..%2fsecret.txt', 404],
    ['app://layerbench/link.txt', 404],
    ['app://layerbench/%00', 404],
    ['app://layerbench/%', 404],
    ['app://layerbench/assets', 404],
    ['app://other/', 403],
  ])('%s: %i', async (url, status) => {
    const answer = await get(url);
    expect(answer.status).toBe(status);
    expect(await answer.text()).not.toContain('secret');
  });

  it('only answers GET', async () => {
    expect((await get('app://layerbench/', 'POST')).status).toBe(405);
  });
});

describe('window', () => {
  const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }];
  const bounds = { x: 100, y: 50, width: 1200, height: 800 };

  it('comes back where it stood', () => {
    expect(restoreWindowState(JSON.stringify({ bounds, maximised: true }), screens)).toEqual({ bounds, maximised: true });
    expect(windowOptions({ bounds, maximised: false }, '/p', false)).toMatchObject(bounds);
  });

  it.each([
    ['nothing stored', null],
    ['nonsense', '{"bounds":3}'],
    ['no JSON', 'x'],
    ['a screen that is gone', JSON.stringify({ bounds: { ...bounds, x: 5000 }, maximised: false })],
  ])('begins in the usual size after %s', (_name, json) => {
    expect(restoreWindowState(json, screens)).toEqual({ maximised: false });
  });
});

describe('menu', () => {
  it('leaves undo to the interface, and developer tools out of the packaged app', () => {
    for (const platform of ['darwin', 'linux', 'win32'] as const) {
      expect(JSON.stringify(menuTemplate({ platform, packaged: true }))).not.toMatch(/undo|redo|DevTools|reload/i);
      expect(JSON.stringify(menuTemplate({ platform, packaged: false }))).toContain('toggleDevTools');
    }
    expect(menuTemplate({ platform: 'darwin', packaged: true })[0]).toEqual({ role: 'appMenu' });
  });
});
