/** What every engine must do, by the one on the graphics adapter; and what only it can get wrong. */
import { afterEach, describe, expect, it } from 'vitest';
import { createBuilder } from '../../program/builder.ts';
import type { SlotSpec } from '../../program/program.ts';
import { createDeviceEngine } from '../../testing/checkOp.ts';
import { describeEngine, everyOpRequest, everyOpSession, fillEveryOp } from '../../testing/describeEngine.ts';
import type { Engine, Session } from '../engine.ts';

describeEngine('the WebGPU engine', () => createDeviceEngine());
describeEngine('the WebGPU engine with memory in pieces of 512 bytes', () => createDeviceEngine({ pageBytes: 512 }));

describe('the WebGPU engine', () => {
  const engines: Engine[] = [];
  function create(options?: Parameters<typeof createDeviceEngine>[0]): Engine {
    const engine = createDeviceEngine(options);
    engines.push(engine);
    return engine;
  }
  afterEach(async () => {
    for (const engine of engines.splice(0)) await engine.dispose();
  });

  it('gives the same bits however memory is cut', async () => {
    const weights = [];
    for (const pageBytes of [2 ** 24, 512]) {
      const engine = create({ pageBytes });
      await engine.load(everyOpSession());
      await fillEveryOp(engine);
      await engine.run('train', everyOpRequest(5, 0));
      weights.push(await engine.read('weight'));
    }
    expect(weights[1]).toEqual(weights[0]);
  });

  const bytes: Session = {
    programs: {},
    slots: ['a', 'b'].map((name): SlotSpec => ({ name, kind: 'data', type: { shape: [13], dtype: 'u8' } })),
    seed: 1,
  };

  it('writes and reads bytes at any offset and length, and leaves their neighbours', async () => {
    const engine = create();
    await engine.load(bytes);
    const mirror = new Uint8Array(13);
    await engine.write('b', new Uint8Array(13).fill(99));
    let value = 1;
    for (let offset = 0; offset <= 13; offset++) {
      for (const length of [0, 1, 2, 3, 5, 13 - offset]) {
        if (offset + length > 13) continue;
        const data = Uint8Array.from({ length }, () => value++ % 251);
        await engine.write('a', data, offset);
        mirror.set(data, offset);
        expect(await engine.read('a', offset, length)).toEqual(data);
      }
      expect(await engine.read('a')).toEqual(mirror);
    }
    expect(await engine.read('b')).toEqual(new Uint8Array(13).fill(99));
  });

  it('refuses a tensor that no buffer of the adapter holds, by name', async () => {
    const engine = create({ pageBytes: 512 });
    const slots = [{ name: 'wide/weight', kind: 'parameter', type: { shape: [200], dtype: 'f32' } }] as const;
    await expect(engine.load({ ...bytes, slots })).rejects.toMatchObject({
      problem: {
        code: 'engine.tensorTooLarge',
        message: expect.stringMatching(/^"wide\/weight" takes 0\.000763 MB, but this graphics adapter/),
      },
    });
  });

  it('names an index outside a table that a kernel computed, and goes on afterwards', async () => {
    const engine = create();
    const b = createBuilder({ name: 'main', batchSize: 0 });
    const table = { shape: [4, 2], dtype: 'f32' } as const;
    const index = { shape: [3], dtype: 'i32' } as const;
    b.assign('out', b.gather(b.slot('table', table), b.slot('index', index)));
    const slots: SlotSpec[] = [
      { name: 'table', kind: 'data', type: table },
      { name: 'index', kind: 'data', type: index },
      { name: 'out', kind: 'carry', type: { shape: [3, 2], dtype: 'f32' } },
    ];
    await engine.load({ programs: { main: b.build() }, slots, seed: 1 });
    await engine.write('table', Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    await engine.write('index', Int32Array.of(1, 7, 2));
    await expect(engine.run('main', { steps: 3, firstStep: 0 })).rejects.toThrow('gather: row 7 is outside its table');
    await engine.write('index', Int32Array.of(3, 0, 2));
    await engine.run('main', { steps: 1, firstStep: 0 });
    expect(await engine.read('out')).toEqual(Float32Array.of(7, 8, 1, 2, 5, 6));
  });

  it('loads one session after another', async () => {
    const engine = create();
    for (let i = 0; i < 3; i++) {
      await engine.load(everyOpSession());
      expect(await engine.read('weight')).toEqual(new Float32Array(18));
      await fillEveryOp(engine);
      await engine.run('train', everyOpRequest(2, 0));
    }
  });
});
