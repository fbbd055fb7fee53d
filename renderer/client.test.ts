import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeFrame, encodeFrame } from '../core/exchange/frames.ts';
import type { CallFrame } from '../electron/contract/calls.ts';
import { SocketBridge, type ConnectionState } from './client.ts';

/** A WebSocket whose other end is the test. */
class FakeSocket {
  static all: FakeSocket[] = [];
  static get last(): FakeSocket {
    return FakeSocket.all.at(-1)!;
  }
  binaryType = '';
  sent: CallFrame[] = [];
  onopen?: () => void;
  onmessage?: (message: { data: unknown }) => void;
  onclose?: (event: { code: number }) => void;

  constructor() {
    FakeSocket.all.push(this);
  }

  send(data: string | Uint8Array): void {
    this.sent.push(decodeFrame(data) as CallFrame);
  }

  answer(message: unknown): void {
    this.onmessage?.({ data: encodeFrame(message) });
  }

  async close(code = 1006): Promise<void> {
    this.onclose?.({ code });
    await vi.advanceTimersByTimeAsync(0);
  }
}

let sessionStatus = 204;
let states: ConnectionState[];
let bridge: SocketBridge;

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
  sessionStatus = 204;
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.stubGlobal('fetch', () => Promise.resolve({ status: sessionStatus }));
  bridge = new SocketBridge('ws://127.0.0.1/socket');
  states = [];
  bridge.onState((state) => states.push(state));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the WebSocket bridge', () => {
  it('sends what was asked before the connection stood, and hands each answer to its call', async () => {
    const first = bridge.call('runs.get', { id: 1 });
    const second = bridge.call('runs.get', { id: 2 });
    FakeSocket.last.onopen!();
    expect(FakeSocket.last.sent.map((frame) => frame.args)).toEqual([{ id: 1 }, { id: 2 }]);
    const [a, b] = FakeSocket.last.sent;
    FakeSocket.last.answer({ id: b!.id, reply: { ok: true, value: 'two' } });
    FakeSocket.last.answer({ id: a!.id, reply: { ok: false, problem: { code: 'run.unknown', message: 'There is no run 1.' } } });
    expect(await second).toEqual({ ok: true, value: 'two' });
    expect(await first).toMatchObject({ ok: false, problem: { code: 'run.unknown' } });
  });

  it('tells listeners of an event until they end', () => {
    const heard: unknown[] = [];
    const end = bridge.on('data.changed', (event) => heard.push(event));
    FakeSocket.last.answer({ event: 'data.changed', value: {} });
    end();
    FakeSocket.last.answer({ event: 'data.changed', value: {} });
    expect(heard).toEqual([{}]);
  });

  it('fails calls under way when the connection breaks, and connects again', async () => {
    FakeSocket.last.onopen!();
    const call = bridge.call('app.info', {});
    await FakeSocket.last.close();
    expect(await call).toMatchObject({ ok: false, problem: { code: 'connection.lost' } });
    expect(states.at(-1)).toBe('lost');
    const waiting = bridge.call('app.info', {});
    await vi.advanceTimersByTimeAsync(300);
    expect(FakeSocket.all).toHaveLength(2);
    FakeSocket.last.onopen!();
    FakeSocket.last.answer({ id: FakeSocket.last.sent[0]!.id, reply: { ok: true, value: 'back' } });
    expect(await waiting).toEqual({ ok: true, value: 'back' });
    expect(states).toEqual(['connecting', 'connected', 'lost', 'connected']);
  });

  it('gives up a call that waited too long', async () => {
    const call = bridge.call('app.info', {});
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await call).toMatchObject({ ok: false, problem: { code: 'connection.none' } });
  });

  it.each([
    ['the socket is closed for want of a session', 4401, 204],
    ['the host no longer knows the page', 1006, 401],
  ])('stops trying when %s', async (_why, code, status) => {
    FakeSocket.last.onopen!();
    sessionStatus = status;
    await FakeSocket.last.close(code);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(states.at(-1)).toBe('refused');
    expect(FakeSocket.all).toHaveLength(1);
  });

  it('refuses what is too large to send without losing the connection', async () => {
    FakeSocket.last.onopen!();
    const bytes = new Uint8Array(5 * 1024 * 1024);
    expect(await bridge.call('data.uploadChunk', { upload: 'a', bytes })).toMatchObject({ ok: false, problem: { code: 'frame.tooLarge' } });
    expect(states.at(-1)).toBe('connected');
  });
});
