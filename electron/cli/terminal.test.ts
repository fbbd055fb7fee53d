import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTerminal } from './terminal.ts';

class FakeStream extends EventEmitter {
  text = '';
  isTTY: boolean;
  columns = 20;
  constructor(isTTY: boolean) {
    super();
    this.isTTY = isTTY;
  }
  write(text: string): boolean {
    this.text += text;
    return true;
  }
}

function setup(isTTY: boolean) {
  const stdout = new FakeStream(isTTY);
  const stderr = new FakeStream(isTTY);
  const exit = vi.fn();
  const target = Object.assign(new EventEmitter(), { stdout, stderr, exit });
  return { terminal: createTerminal(target as unknown as NodeJS.Process), target, stdout, stderr, exit };
}

afterEach(() => vi.useRealTimers());

describe('terminal', () => {
  it('keeps one status line up to date, out of the way of other lines', () => {
    const { terminal, stdout, stderr } = setup(true);
    terminal.status('epoch 1');
    terminal.err('a message');
    terminal.status('epoch 2, and much more than fits');
    terminal.out('result');
    const erase = '\r\u001b[2K';
    expect(stderr.text).toBe(`epoch 1${erase}a message\nepoch 1${erase}epoch 2, and much m${erase}`);
    expect(stdout.text).toBe('result\n');
  });

  it('shows no status where stderr is a file', () => {
    const { terminal, stderr } = setup(false);
    terminal.status('epoch 1');
    terminal.err('line');
    expect(stderr.text).toBe('line\n');
  });

  it('asks for a clean end at the first Ctrl-C, however often it arrives, and ends at a second one', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { terminal, target, exit } = setup(true);
    target.emit('SIGINT');
    target.emit('SIGINT');
    expect(terminal.interrupted.aborted).toBe(true);
    expect(exit).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1000);
    target.emit('SIGINT');
    expect(exit).toHaveBeenCalledWith(130);
  });

  it('survives a reader that leaves early', () => {
    const { stdout } = setup(false);
    expect(() => stdout.emit('error', Object.assign(new Error('gone'), { code: 'EPIPE' }))).not.toThrow();
    expect(() => stdout.emit('error', new Error('other'))).toThrow('other');
  });
});
