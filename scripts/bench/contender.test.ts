import { describe, expect, it } from 'vitest';
import { Refusal, startContender } from './contender.ts';
import type { Command } from './contender.ts';
import { measure } from './measure.ts';

/** A child whose steps take `us` microseconds and whose loss after n steps is n ÷ 100 + `shift`. */
function child(us: number, shift = 0): Command {
  const code = `
    const answer = (value) => console.log(JSON.stringify(value));
    console.log('some library greets');
    answer({ ready: 'child', flops: 10 });
    require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
      const { steps } = JSON.parse(line);
      answer({ elapsedUs: steps * ${us}, loss: steps / 100 + ${shift} });
    });`;
  return { file: process.execPath, args: ['-e', code] };
}

const failing = (code: string): Command => ({ file: process.execPath, args: ['-e', code] });

describe('contenders of the bench', () => {
  it('introduce themselves and answer in order', async () => {
    const contender = await startContender('one', child(5));
    expect(contender.introduction).toEqual({ ready: 'child', flops: 10 });
    expect(await contender.ask({ steps: 4 })).toEqual({ elapsedUs: 20, loss: 0.04 });
    expect(await contender.ask({ steps: 2 })).toEqual({ elapsedUs: 10, loss: 0.02 });
    await contender.close();
  });

  it('refuse with a reason, also when they crash or are missing', async () => {
    const refusing = failing(`console.log(JSON.stringify({ refused: 'no such layer' }))`);
    await expect(startContender('one', refusing)).rejects.toThrow(new Refusal('no such layer'));
    await expect(startContender('one', failing('throw new TypeError("broken")'))).rejects.toThrow(/code 1: TypeError: broken/);
    await expect(startContender('one', { file: 'no-such-program', args: [] })).rejects.toThrow(/ENOENT/);
  });

  it('take turns; who computes something else, or nothing, is left out by name', async () => {
    const notes: string[] = [];
    const entries = [
      { name: 'wasm', ours: true, command: child(100) },
      { name: 'slower', ours: false, command: child(250) },
      { name: 'other', ours: false, command: child(1, 0.5) },
      { name: 'missing', ours: false, command: failing('process.exit(3)') },
    ];
    const measured = await measure('mlp', entries, { rounds: 3, roundMs: 1, tell: (text) => notes.push(text) });
    expect(measured.map(({ name, medianUs }) => [name, medianUs])).toEqual([
      ['wasm', 100],
      ['slower', 250],
    ]);
    expect(notes).toEqual([
      'mlp: missing takes no part: it ended with code 3.',
      'mlp: other takes no part: its loss after 10 steps is 0.60000, ours is 0.10000.',
    ]);
  });

  it('time a step of seconds once', async () => {
    const slow = [{ name: 'reference', ours: true, command: child(5_000_000) }];
    const [measured] = await measure('gpt', slow, { rounds: 3, roundMs: 1, tell: () => {} });
    expect(measured!.medianUs).toBe(5_000_000);
  });
});
