/** What every engine must do, whatever it computes with: slots, rings, batches, errors, the same bits however steps are grouped. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../engines/engine.ts';
import { createBuilder, type Builder, type Value } from '../program/builder.ts';
import { gradients } from '../program/gradient.ts';
import type { SlotKind, SlotSpec, TensorType } from '../program/program.ts';

const pair: TensorType = { shape: [2], dtype: 'f32' };

function slot(name: string, type: TensorType = pair, kind: SlotKind = 'carry'): SlotSpec {
  return { name, kind, type };
}

function build(write: (b: Builder) => void, batchSize = 0) {
  const b = createBuilder({ name: 'main', batchSize });
  write(b);
  return b.build();
}

async function load(engine: Engine, slots: readonly SlotSpec[], write: (b: Builder) => void, batchSize = 0): Promise<void> {
  await engine.load({ programs: { main: build(write, batchSize) }, slots, seed: 1 });
}

const once = { steps: 1, firstStep: 0 };

export function describeEngine(name: string, create: () => Engine): void {
  describe(`${name} as an engine`, () => {
    let engine: Engine;
    beforeEach(() => {
      engine = create();
    });
    afterEach(async () => engine.dispose());

    it('swaps two slots, and rotates three through views', async () => {
      await load(engine, [slot('p'), slot('q'), slot('r')], (b) => {
        const [p, q, r] = ['p', 'q', 'r'].map((name) => b.slot(name, pair)) as [Value, Value, Value];
        b.assign('p', q);
        b.assign('q', b.reshape(b.reshape(r, [2, 1]), [2]));
        b.assign('r', b.flip(p, 0));
      });
      await engine.write('p', Float32Array.of(1, 2));
      await engine.write('q', Float32Array.of(3, 4));
      await engine.write('r', Float32Array.of(5, 6));
      await engine.run('main', once);
      expect([await engine.read('p'), await engine.read('q'), await engine.read('r')]).toEqual([
        Float32Array.of(3, 4),
        Float32Array.of(5, 6),
        Float32Array.of(2, 1),
      ]);
    });

    it('lets every assignment read the old values', async () => {
      await load(engine, [slot('p'), slot('q')], (b) => {
        const [p, q] = [b.slot('p', pair), b.slot('q', pair)];
        b.assign('p', b.add(p, q));
        b.assign('q', b.multiply(p, q));
      });
      await engine.write('p', Float32Array.of(2, 3));
      await engine.write('q', Float32Array.of(5, 7));
      await engine.run('main', { steps: 2, firstStep: 0 });
      expect([await engine.read('p'), await engine.read('q')]).toEqual([Float32Array.of(17, 31), Float32Array.of(70, 210)]);
    });

    it('stores one value in several slots', async () => {
      await load(engine, [slot('p'), slot('q'), slot('ring', { shape: [2, 2], dtype: 'f32' }, 'ring')], (b) => {
        const value = b.add(b.slot('p', pair), 1);
        b.assign('p', value);
        b.assign('q', value);
        b.append('ring', value);
      });
      await engine.run('main', { steps: 2, firstStep: 0 });
      expect([await engine.read('p'), await engine.read('q'), await engine.read('ring')]).toEqual([
        Float32Array.of(2, 2),
        Float32Array.of(2, 2),
        Float32Array.of(1, 1, 2, 2),
      ]);
    });

    it('appends to a ring, over its end, across runs and programs; a write starts it anew', async () => {
      const scalar: TensorType = { shape: [], dtype: 'f32' };
      const write = (b: Builder) => b.append('ring', b.scalar('x'));
      await engine.load({
        programs: { one: build(write), two: build(write) },
        slots: [slot('ring', { shape: [3], dtype: 'f32' }, 'ring'), slot('s', scalar)],
        seed: 1,
      });
      await engine.run('one', { steps: 2, firstStep: 0, scalars: Float32Array.of(1, 2) });
      await engine.run('two', { steps: 2, firstStep: 2, scalars: Float32Array.of(3, 4) });
      expect(await engine.read('ring')).toEqual(Float32Array.of(4, 2, 3));
      await engine.write('ring', new Float32Array(0));
      await engine.run('one', { steps: 1, firstStep: 4, scalars: Float32Array.of(5) });
      expect(await engine.read('ring')).toEqual(Float32Array.of(5, 2, 3));
    });

    it('gathers rows of bytes and names a row outside', async () => {
      const image: TensorType = { shape: [3, 2], dtype: 'u8' };
      await load(
        engine,
        [slot('image', image, 'data'), slot('out', { shape: [2, 2], dtype: 'f32' })],
        (b) => {
          b.assign('out', b.multiply(b.cast(b.gather(b.slot('image', image), b.rows()), 'f32'), 2));
        },
        2,
      );
      await engine.write('image', Uint8Array.of(1, 2, 3, 4, 5, 255));
      await engine.run('main', { steps: 2, firstStep: 0, rows: Int32Array.of(0, 1, 2, 0) });
      expect(await engine.read('out')).toEqual(Float32Array.of(10, 510, 2, 4));
      await expect(engine.run('main', { ...once, rows: Int32Array.of(0, 3) })).rejects.toThrow(
        'gather: row 3 is outside slot "image", which has rows 0..2',
      );
      await expect(engine.run('main', { ...once, rows: Int32Array.of(0) })).rejects.toThrow('run "main": needs 2 rows, got 1');
    });

    it('does nothing in 0 steps', async () => {
      await load(engine, [slot('p')], (b) => b.assign('p', b.add(b.slot('p', pair), b.scalar('x'))));
      await engine.run('main', { steps: 0, firstStep: 0 });
      expect(await engine.read('p')).toEqual(new Float32Array(2));
      await expect(engine.run('main', once)).rejects.toThrow('run "main": needs 1 scalars, got 0');
    });

    it('starts slots as zeros, reads and writes parts and hands out copies', async () => {
      await load(engine, [slot('p', { shape: [4], dtype: 'f32' }), slot('n', { shape: [2], dtype: 'i32' })], () => undefined);
      expect(await engine.read('n')).toEqual(Int32Array.of(0, 0));
      const data = Float32Array.of(7, 8);
      await engine.write('p', data, 1);
      data.fill(0);
      const copy = await engine.read('p');
      expect(copy).toEqual(Float32Array.of(0, 7, 8, 0));
      copy.fill(9);
      expect(await engine.read('p', 2, 2)).toEqual(Float32Array.of(8, 0));
    });

    it('refuses what does not fit, by name', async () => {
      await load(engine, [slot('p')], () => undefined);
      await expect(engine.write('p', new Float32Array(3))).rejects.toThrow('slot "p" has 2 elements, 0..3 is outside');
      await expect(engine.write('p', Int32Array.of(1))).rejects.toThrow('write: slot "p" takes Float32Array, got Int32Array');
      await expect(engine.read('p', 1, 2)).rejects.toThrow('slot "p" has 2 elements, 1..3 is outside');
      await expect(engine.read('q')).rejects.toThrow('no slot "q"');
      await expect(engine.run('other', once)).rejects.toThrow('no program "other"');
      await engine.dispose();
      await expect(engine.run('main', once)).rejects.toThrow('no session is loaded');
    });

    it('gives the same bits however steps are grouped', async () => {
      const run = async (groups: readonly number[]) => {
        const own = create();
        await own.load(everyOpSession());
        await fillEveryOp(own);
        let firstStep = 0;
        for (const steps of groups) {
          await own.run('train', everyOpRequest(steps, firstStep));
          firstStep += steps;
        }
        const weight = await own.read('weight');
        await own.dispose();
        return weight;
      };
      expect(await run([1, 2, 3, 6])).toEqual(await run([12]));
    });
  });
}

/** Every op of the set in one training step: dropout, a dense layer, cross-entropy, momentum. */
export function everyOpSession() {
  const image: TensorType = { shape: [10, 6], dtype: 'u8' };
  const slots = [
    slot('image', image, 'data'),
    slot('label', { shape: [10], dtype: 'i32' }, 'data'),
    slot('weight', { shape: [3, 6], dtype: 'f32' }, 'parameter'),
    slot('momentum', { shape: [3, 6], dtype: 'f32' }, 'optimizer'),
    slot('loss', { shape: [64, 2], dtype: 'f32' }, 'ring'),
    slot('mix', pair),
  ];
  const train = build((b) => {
    const x = b.divide(b.cast(b.gather(b.slot('image', image), b.rows()), 'f32'), 255);
    const target = b.gather(b.slot('label', slots[1]!.type), b.rows());
    const weight = b.slot('weight', slots[2]!.type);
    const kept = b.binary('less', b.random('uniform', [4, 6]), 0.8);
    const noise = b.multiply(b.random('normal', [4, 6]), 0.01);
    const logits = b.contract('bi,oi->bo', b.add(b.multiply(x, kept), noise), weight);
    const shifted = b.subtract(logits, b.stopGradient(b.max(logits, [1], true)));
    const logSum = b.unary('log', b.sum(b.unary('exp', shifted), [1]));
    const chosen = b.binary('equal', b.iota([4, 3], 1), b.reshape(target, [4, 1]));
    const loss = b.mean(b.subtract(logSum, b.sum(b.multiply(shifted, chosen), [1])), [0]);
    const hits = b.binary('equal', b.argmax(logits, 1), target);
    b.append('loss', b.concat([b.reshape(loss, [1]), b.mean(hits, [0], true)], 0));
    // Odds and ends, so that every loop runs: erf, select, flip, pad, slice, transpose, segments.
    const turned = b.flip(b.pad(b.slice(b.transpose(weight, [1, 0]), 0, 1, 3), 1, 1, 0), 1);
    const bent = b.select(b.binary('less', turned, 0), b.unary('erf', turned), b.binary('power', b.unary('abs', turned), 1.5));
    const groups = b.segmentReduce('sum', b.sum(bent, [1]), b.cast(b.slice(b.iota([4], 0), 0, 1, 3), 'i32'), 4);
    const peaks = b.segmentReduce('max', groups, b.iota([4], 0), 4);
    b.assign('mix', b.slice(b.add(peaks, groups), 0, 1, 2));
    const penalty = b.multiply(b.sum(b.unary('square', b.slot('mix', pair)), [0]), 0);
    const momentum = b.add(b.multiply(b.slot('momentum', slots[3]!.type), 0.9), gradients(b, b.add(loss, penalty), [weight])[0]!);
    b.assign('momentum', momentum);
    b.assign('weight', b.subtract(weight, b.multiply(momentum, b.scalar('rate'))));
  }, 4);
  return { programs: { train }, slots, seed: 5 };
}

export async function fillEveryOp(engine: Engine): Promise<void> {
  await engine.write(
    'image',
    Uint8Array.from({ length: 60 }, (_, i) => (i * 37) % 256),
  );
  await engine.write(
    'label',
    Int32Array.from({ length: 10 }, (_, i) => i % 3),
  );
  await engine.write(
    'weight',
    Float32Array.from({ length: 18 }, (_, i) => Math.sin(i)),
  );
}

export function everyOpRequest(steps: number, firstStep: number) {
  return {
    steps,
    firstStep,
    rows: Int32Array.from({ length: steps * 4 }, (_, i) => (firstStep * 4 + i) % 10),
    scalars: new Float32Array(steps).fill(0.01),
  };
}
