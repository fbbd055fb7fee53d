import { describe, expect, it, vi } from 'vitest';
import type { EventName } from '../contract/calls.ts';
import { createEventHub } from './events.ts';

const notice = (code: string) => ({ problem: { code, message: code } });

describe('events', () => {
  it('reach who asked for them, and every forwarder', () => {
    const hub = createEventHub(() => undefined);
    const [wanted, other, all] = [vi.fn(), vi.fn(), vi.fn()];
    const off = hub.on('notice', wanted);
    hub.on('runs.changed', other);
    hub.onAny(all);
    hub.emit('notice', notice('a'));
    off();
    hub.emit('notice', notice('b'));
    expect(wanted.mock.calls).toEqual([[notice('a')]]);
    expect(other).not.toHaveBeenCalled();
    expect(all).toHaveBeenCalledTimes(2);
  });

  it('are not lost where they are notices and no page is there for a moment', () => {
    const hub = createEventHub(() => undefined);
    const stop = hub.onAny(() => undefined);
    hub.emit('notice', notice('heard'));
    stop();
    hub.on('notice', () => undefined);
    hub.emit('runs.changed', {});
    for (let i = 1; i <= 12; i++) hub.emit('notice', notice(`${i}`));
    const heard: string[] = [];
    const listen = (name: EventName, value: unknown) =>
      void heard.push(name === 'notice' ? (value as ReturnType<typeof notice>).problem.code : name);
    hub.onAny(listen)();
    expect(heard).toEqual(['3', '4', '5', '6', '7', '8', '9', '10', '11', '12']);
    hub.onAny(listen);
    expect(heard).toHaveLength(10);
  });

  it('survive a listener that throws', () => {
    const onError = vi.fn();
    const hub = createEventHub(onError);
    const after = vi.fn();
    hub.on('runs.changed', () => {
      throw new Error('broken');
    });
    hub.onAny(after);
    hub.emit('runs.changed', {});
    expect(onError).toHaveBeenCalledOnce();
    expect(after).toHaveBeenCalledOnce();
  });
});
