import { describe, expect, it } from 'vitest';
import { Refusal, startContender } from './contender.ts';
import type { Command } from './contender.ts';
import { measure } from './measure.ts';

const options = { rounds: 3, roundMs: 1, patienceMs: 10_000, slowStepUs: 2_000_000, slowTurns: 0, onAbsent: () => {} };

/** A child whose steps take `us` microseconds and whose loss after n steps is n ÷ 100 + `shift`; it ends after `requests`. */
function child(us: number, shift = 0, requests = Infinity): Command {
  const code = `
    const answer = (value) => console.log(JSON.stringify(value));
    console.log('some library greets');
    answer({ ready: 'child', flops: 10 });
    let left = ${requests};
    require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
      if (left-- === 0) process.exit();
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
    const measured = await measure(entries, { ...options, onAbsent: (name, reason) => notes.push(`${name}: ${reason}`) });
    expect(measured.map(({ name, medianUs }) => [name, medianUs])).toEqual([
      ['wasm', 100],
      ['slower', 250],
    ]);
    expect(notes).toEqual(['missing: it ended with code 3', 'other: its loss after 10 steps is 0.60000, ours is 0.10000']);
  });

  it('time a step of seconds once', async () => {
    const slow = [{ name: 'reference', ours: true, command: child(5_000_000) }];
    const [measured] = await measure(slow, options);
    expect(measured!.medianUs).toBe(5_000_000);
  });

  it('compare the slow with the fast after as many steps as the slow take', async () => {
    const notes: string[] = [];
    const entries = [
      { name: 'webgpu', ours: true, command: child(100) },
      { name: 'slow', ours: false, command: child(5_000_000) },
      { name: 'other', ours: false, command: child(5_000_000, 0.5) },
    ];
    const measured = await measure(entries, { ...options, slowTurns: 2, onAbsent: (name, reason) => notes.push(`${name}: ${reason}`) });
    expect(measured.map(({ name }) => name)).toEqual(['webgpu', 'slow']);
    expect(notes).toEqual(['other: its loss after 2 steps is 0.52000, ours is 0.020000']);
  });

  it('are left out when they give no answer in a later turn', async () => {
    const notes: string[] = [];
    const entries = [
      { name: 'webgpu', ours: true, command: child(100) },
      { name: 'tired', ours: false, command: child(100, 0, 4) },
    ];
    const measured = await measure(entries, { ...options, onAbsent: (name, reason) => notes.push(`${name}: ${reason}`) });
    expect(measured.map(({ name }) => name)).toEqual(['webgpu']);
    expect(notes).toEqual(['tired: it ended with code 0']);
  });
});
