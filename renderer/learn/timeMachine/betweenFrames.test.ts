import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { betweenFrames } from './betweenFrames.ts';

/** Frames that begin when told. */
let waiting: Map<number, (began: number) => void>;
let asked = 0;

function beginFrame(began = performance.now()): void {
  const callbacks = [...waiting.values()];
  waiting.clear();
  for (const callback of callbacks) callback(began);
}

beforeEach(() => {
  waiting = new Map();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  vi.stubGlobal('document', { hidden: false });
  vi.stubGlobal('requestAnimationFrame', (callback: (began: number) => void) => (waiting.set(++asked, callback), asked));
  vi.stubGlobal('cancelAnimationFrame', (id: number) => waiting.delete(id));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('betweenFrames', () => {
  it('writes in a task behind the frame', () => {
    const write = vi.fn();
    betweenFrames(write);
    vi.runAllTimers();
    expect(write).not.toHaveBeenCalled();
    beginFrame();
    expect(write).not.toHaveBeenCalled();
    vi.runAllTimers();
    expect(write).toHaveBeenCalledTimes(1);
  });

  it('waits for the next frame where this one is nearly over, but not for ever', () => {
    const write = vi.fn();
    betweenFrames(write);
    beginFrame(performance.now() - 12);
    vi.runAllTimers();
    expect(write).not.toHaveBeenCalled();
    beginFrame();
    vi.runAllTimers();
    expect(write).toHaveBeenCalledTimes(1);

    betweenFrames(write);
    for (let i = 0; i < 3; i++) beginFrame(performance.now() - 12);
    vi.runAllTimers();
    expect(write).toHaveBeenCalledTimes(2);
  });

  it('can be taken back, before the frame and behind it', () => {
    const write = vi.fn();
    betweenFrames(write)();
    beginFrame();
    vi.runAllTimers();
    const stop = betweenFrames(write);
    beginFrame();
    stop();
    vi.runAllTimers();
    expect(write).not.toHaveBeenCalled();
  });

  it('writes at once in a page out of sight, which has no frames', () => {
    vi.stubGlobal('document', { hidden: true });
    const write = vi.fn();
    betweenFrames(write);
    expect(write).toHaveBeenCalledTimes(1);
  });
});
