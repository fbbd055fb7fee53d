import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keepConnected } from './connect.ts';

class FakeSocket extends EventTarget {
  binaryType = '';
  send = vi.fn();
  close = vi.fn();
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watch() {
  const sockets: FakeSocket[] = [];
  const connected = vi.fn();
  keepConnected(() => {
    const socket = new FakeSocket();
    sockets.push(socket);
    return socket as unknown as WebSocket;
  }, connected);
  const close = (code: number) => sockets.at(-1)!.dispatchEvent(Object.assign(new Event('close'), { code, reason: '' }));
  return { sockets, connected, close };
}

it('connects again after the host restarts, more and more slowly while it is away', () => {
  const { sockets, connected, close } = watch();
  sockets[0]!.dispatchEvent(new Event('open'));
  expect(connected).toHaveBeenCalledOnce();
  close(1006);
  for (const waitMs of [300, 800, 2_000, 5_000, 5_000]) {
    const before = sockets.length;
    vi.advanceTimersByTime(waitMs - 1);
    expect(sockets).toHaveLength(before);
    vi.advanceTimersByTime(1);
    expect(sockets).toHaveLength(before + 1);
    close(1006);
  }
  vi.advanceTimersByTime(5_000);
  sockets.at(-1)!.dispatchEvent(new Event('open'));
  expect(connected).toHaveBeenCalledTimes(2);
});

it('gives up where the page has no session', () => {
  const { sockets, close } = watch();
  close(4401);
  vi.advanceTimersByTime(60_000);
  expect(sockets).toHaveLength(1);
});
