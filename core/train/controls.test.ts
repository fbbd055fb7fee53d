import { describe, expect, it } from 'vitest';
import { createControls } from './controls.ts';
import type { TrainingCommand, TrainingEvent } from './records.ts';

/** A clock that moves only by waiting, and commands that arrive at given times. */
function setup(arrivals: readonly (readonly [atMs: number, command: TrainingCommand])[]) {
  let now = 0;
  let waits = 0;
  const pending = [...arrivals];
  const controls = createControls({
    platform: {
      now: () => now,
      poll: async () => undefined,
      wait: async (milliseconds) => {
        waits++;
        now += milliseconds;
      },
    },
    commands: { next: () => (pending.length > 0 && pending[0]![0] <= now ? pending.shift()![1] : undefined) },
    learningRate: 0.1,
    elapsedMs: 500,
  });
  const gate = async (step: number) => {
    const events: TrainingEvent[] = [];
    for await (const event of controls.gate(step)) events.push(event);
    return events;
  };
  return { controls, gate, waits: () => waits, pass: (ms: number) => (now += ms) };
}

describe('controls', () => {
  it('lets training pass while nothing is asked', async () => {
    const { gate, waits } = setup([]);
    expect(await gate(3)).toEqual([]);
    expect(waits()).toBe(0);
  });

  it('pauses until continued, and the clock stands still meanwhile', async () => {
    const { controls, gate, pass } = setup([
      [0, { type: 'pause' }],
      [1000, { type: 'continue' }],
    ]);
    expect(await gate(7)).toEqual([
      { type: 'paused', step: 7 },
      { type: 'continued', step: 7 },
    ]);
    expect(controls.elapsedMs()).toBe(500);
    pass(30);
    expect(controls.elapsedMs()).toBe(530);
  });

  it('sleeps between two looks instead of spinning', async () => {
    const { gate, waits } = setup([
      [0, { type: 'pause' }],
      [1000, { type: 'continue' }],
    ]);
    await gate(0);
    expect(waits()).toBeLessThanOrEqual(50);
  });

  it('runs single steps: one each, and stays paused', async () => {
    const { controls, gate } = setup([
      [0, { type: 'step' }],
      [100, { type: 'step' }],
      [200, { type: 'continue' }],
    ]);
    expect(await gate(5)).toEqual([{ type: 'paused', step: 5 }]);
    expect(controls.singleStep).toBe(true);
    controls.stepped();
    expect(controls.singleStep).toBe(false);
    expect(await gate(6)).toEqual([]);
    expect(controls.singleStep).toBe(true);
    controls.stepped();
    expect(await gate(7)).toEqual([{ type: 'continued', step: 7 }]);
    expect(controls.singleStep).toBe(false);
  });

  it('stops out of a pause', async () => {
    const { controls, gate } = setup([
      [0, { type: 'pause' }],
      [300, { type: 'stop' }],
    ]);
    expect(await gate(1)).toEqual([{ type: 'paused', step: 1 }]);
    expect(controls.stopping).toBe(true);
  });

  it('changes the learning rate, and refuses what is none', async () => {
    const { controls, gate } = setup([
      [0, { type: 'setLearningRate', learningRate: 0.01 }],
      [0, { type: 'setLearningRate', learningRate: Number.NaN }],
      [0, { type: 'setLearningRate', learningRate: -1 }],
    ]);
    const events = await gate(0);
    expect(controls.learningRate).toBe(0.01);
    expect(events.map((event) => event.type)).toEqual(['notice', 'notice']);
  });

  it('says nothing about a pause within a pause or a continue while running', async () => {
    const { gate } = setup([
      [0, { type: 'continue' }],
      [0, { type: 'pause' }],
      [20, { type: 'pause' }],
      [60, { type: 'continue' }],
    ]);
    expect((await gate(0)).map((event) => event.type)).toEqual(['paused', 'continued']);
  });
});
