import { describe, expect, it } from 'vitest';
import type { DataRole } from '../data/dataSet.ts';
import type { Engine } from '../engines/engine.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { batchDim, dim } from '../graph/shape.ts';
import { elementCount } from '../ops/shapes.ts';
import { createBuilder, type Builder, type Value } from '../program/builder.ts';
import { enginesUnderTest } from '../testing/checkOp.ts';
import { expectClose } from '../testing/compare.ts';
import { engineTolerances } from '../testing/tolerances.ts';
import { augment, augmentations, augmentationsFor, checkAugmentation, type AugmentationConfig } from './index.ts';
import { mixed, mixingShare } from './mixUp.ts';

const imageRole: DataRole = {
  name: 'image',
  kind: 'input',
  shape: [batchDim, dim('C', 2), dim('H', 4), dim('W', 5)],
  description: '',
};
const featuresRole: DataRole = { name: 'features', kind: 'input', shape: [batchDim, dim('F', 6)], description: '' };
const sequenceRole: DataRole = { name: 'sequence', kind: 'input', shape: [batchDim, dim('T', 5), dim('F', 2)], description: '' };
const tokensRole: DataRole = { name: 'text', kind: 'input', shape: [batchDim, dim('T', 5)], description: '' };

const batch = 6;
const shapeOf = ({ shape }: DataRole): number[] => [batch, ...shape.slice(1).map(({ size }) => size ?? 1)];
const numbers = (shape: readonly number[]): Float32Array =>
  Float32Array.from({ length: elementCount(shape) }, (_, i) => ((i * 37) % 101) / 100);

/** What a program gives for x in its third step. */
async function run(engine: Engine, shape: readonly number[], write: (b: Builder, x: Value) => Value): Promise<Float32Array> {
  const b = createBuilder({ name: 'main', batchSize: 0 });
  const type = { shape, dtype: 'f32' } as const;
  const out = write(b, b.slot('x', type));
  b.assign('out', out);
  const slots = [
    { name: 'x', kind: 'data', type },
    { name: 'out', kind: 'carry', type: { shape: out.shape, dtype: 'f32' } },
  ] as const;
  await engine.load({ programs: { main: b.build() }, slots, seed: 9 });
  await engine.write('x', numbers(shape));
  await engine.run('main', { steps: 1, firstStep: 2 });
  return Float32Array.from(await engine.read('out'));
}

const augmented = (role: DataRole, config: AugmentationConfig, engine: Engine = createReferenceEngine()): Promise<Float32Array> =>
  run(engine, shapeOf(role), (b, x) => augment(b, x, config, { role, affine: { multiply: 1 / 255, add: 0 } }));

/** The step's uniform numbers, one stream after the other. */
const uniforms = async (...shapes: readonly (readonly number[])[]): Promise<Float32Array[]> => {
  const all = await run(createReferenceEngine(), [1], (b) =>
    b.concat(
      shapes.map((shape) => b.reshape(b.random('uniform', shape), [elementCount(shape)])),
      0,
    ),
  );
  let at = 0;
  return shapes.map((shape) => all.subarray(at, (at += elementCount(shape))));
};

const [, , height = 1, width = 1] = shapeOf(imageRole);
const x = numbers(shapeOf(imageRole));
/** Pixel (row, column) of plane p; black outside. */
const pixel = (p: number, row: number, column: number): number =>
  row < 0 || column < 0 || row >= height || column >= width ? 0 : x[(p * height + row) * width + column]!;

/** By hand: every pixel from its sample's number and place. */
function byHand(value: (plane: number, sample: number, row: number, column: number) => number): Float32Array {
  return Float32Array.from(x, (_, i) => {
    const plane = Math.floor(i / (height * width));
    return value(plane, Math.floor(plane / 2), Math.floor(i / width) % height, i % width);
  });
}

const close = engineTolerances.reference;

describe('augmentation of images, computed by hand', () => {
  it('mirrors with its probability', async () => {
    const [u] = await uniforms([batch]);
    const expected = byHand((p, n, row, column) => pixel(p, row, u![n]! < 0.5 ? width - 1 - column : column));
    expectClose(await augmented(imageRole, { horizontalFlip: 0.5 }), expected, close, { what: 'flipped' });
    expect(new Set(u!.map((value) => (value < 0.5 ? 1 : 0))).size).toBe(2);
  });

  it('shifts by whole pixels, black coming in', async () => {
    const [u, v] = await uniforms([batch], [batch]);
    const most = [Math.round(0.5 * height), Math.round(0.5 * width)] as const;
    const by = (value: number, most_: number): number => Math.floor(value * (2 * most_ + 1)) - most_;
    const expected = byHand((p, n, row, column) => pixel(p, row - by(u![n]!, most[0]), column - by(v![n]!, most[1])));
    expectClose(await augmented(imageRole, { shift: 0.5 }), expected, close, { what: 'shifted' });
  });

  it('crops out of the image with its border mirrored', async () => {
    const [u, v] = await uniforms([batch], [batch]);
    const mirror = (at: number, size: number): number => Math.min(Math.abs(at), 2 * (size - 1) - Math.abs(at));
    const by = (value: number): number => Math.floor(value * 5) - 2;
    const expected = byHand((p, n, row, column) => pixel(p, mirror(row + by(u![n]!), height), mirror(column + by(v![n]!), width)));
    expectClose(await augmented(imageRole, { crop: 2 }), expected, close, { what: 'cropped' });
  });

  it('turns around the centre between four neighbours', async () => {
    const [u] = await uniforms([batch]);
    const expected = byHand((p, n, row, column) => {
      const angle = ((2 * u![n]! - 1) * 90 * Math.PI) / 180;
      const [down, right] = [row - (height - 1) / 2, column - (width - 1) / 2];
      const y = Math.cos(angle) * down - Math.sin(angle) * right + (height - 1) / 2;
      const z = Math.sin(angle) * down + Math.cos(angle) * right + (width - 1) / 2;
      const [top, left] = [Math.floor(y), Math.floor(z)];
      const [q, r] = [y - top, z - left];
      const upper = (1 - r) * pixel(p, top, left) + r * pixel(p, top, left + 1);
      return (1 - q) * upper + q * ((1 - r) * pixel(p, top + 1, left) + r * pixel(p, top + 1, left + 1));
    });
    expectClose(await augmented(imageRole, { rotate: 90 }), expected, { relative: 1e-5, absolute: 1e-5 }, { what: 'turned' });
  });

  it('cuts out one square, the same in all channels', async () => {
    const [u, v] = await uniforms([batch], [batch]);
    const inside = (at: number, centre: number): boolean => at >= centre - 1 && at < centre + 1;
    const expected = byHand((p, n, row, column) =>
      inside(row, Math.floor(u![n]! * height)) && inside(column, Math.floor(v![n]! * width)) ? 0 : pixel(p, row, column),
    );
    expectClose(await augmented(imageRole, { cutOut: 2 }), expected, close, { what: 'cut out' });
  });

  it('changes brightness and contrast within black and white', async () => {
    const [u] = await uniforms([batch]);
    const clamp = (value: number): number => Math.min(1, Math.max(0, value));
    const lighter = byHand((p, n, row, column) => clamp(pixel(p, row, column) + (2 * u![n]! - 1) * 0.4));
    expectClose(await augmented(imageRole, { brightness: 0.4 }), lighter, close, { what: 'brightness' });
    const size = 2 * height * width;
    const mean = (n: number): number => x.subarray(n * size, (n + 1) * size).reduce((sum, value) => sum + value, 0) / size;
    const stretched = byHand((p, n, row, column) => clamp((pixel(p, row, column) - mean(n)) * (1 + (2 * u![n]! - 1) * 0.4) + mean(n)));
    expectClose(await augmented(imageRole, { contrast: 0.4 }), stretched, close, { what: 'contrast' });
  });
});

describe('augmentation of rows and sequences', () => {
  it('adds noise of the deviation asked for', async () => {
    const changed = await run(createReferenceEngine(), [4000], (b, v) =>
      augmentations.noise.augment!({ b, x: v, strength: 0.3, black: 0, white: 1 }),
    );
    const difference = changed.map((value, i) => value - numbers([4000])[i]!);
    expect(Math.sqrt(difference.reduce((sum, value) => sum + value * value, 0) / 4000)).toBeCloseTo(0.3, 1);
  });

  it('hides whole steps, and reads late with the first step repeated', async () => {
    const [, steps = 1, features = 1] = shapeOf(sequenceRole);
    const own = numbers(shapeOf(sequenceRole));
    const [u] = await uniforms([batch * steps]);
    const masked = own.map((value, i) => (u![Math.floor(i / features)]! < 0.4 ? 0 : value));
    expectClose(await augmented(sequenceRole, { mask: 0.4 }), masked, close, { what: 'masked' });
    const [late] = await uniforms([batch]);
    const shifted = own.map((_, i) => {
      const [n, step] = [Math.floor(i / (steps * features)), Math.floor(i / features) % steps];
      return own[(n * steps + Math.max(0, step - Math.floor(late![n]! * 4))) * features + (i % features)]!;
    });
    expectClose(await augmented(sequenceRole, { timeShift: 3 }), shifted, close, { what: 'late' });
  });

  it('mixes samples with a share from Beta(α, α)', async () => {
    const own = numbers([3, 2]);
    const got = await run(createReferenceEngine(), [3, 2], (b, v) =>
      b.concat([b.reshape(mixed(b, v, b.constant(0.75, [1])), [6]), mixingShare(b, 0.2)], 0),
    );
    const expected = own.map((value, i) => 0.75 * value + 0.25 * own[(2 - Math.floor(i / 2)) * 2 + (i % 2)]!);
    expectClose(got.subarray(0, 6), expected, close, { what: 'mixed' });
    for (const [alpha, variance] of [
      [0.2, 0.25 / 1.4],
      [1, 1 / 12],
    ] as const) {
      // 40 shares of as many streams: mean ½, variance 1 ÷ (4 (2α + 1)).
      const shares = await run(createReferenceEngine(), [1], (b) =>
        b.concat(
          Array.from({ length: 400 }, () => mixingShare(b, alpha)),
          0,
        ),
      );
      const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
      expect(Math.abs(mean - 0.5)).toBeLessThan(0.08);
      expect(shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / shares.length).toBeCloseTo(variance, 1);
    }
  });

  it('leaves alone what it is off for, and other kinds of input', async () => {
    expect(await augmented(imageRole, {})).toEqual(x);
    expect(await augmented(featuresRole, { horizontalFlip: 1, mask: 0.5 })).toEqual(numbers(shapeOf(featuresRole)));
  });
});

describe('which are offered', () => {
  it('follows from the inputs and the task', () => {
    expect(augmentationsFor([imageRole], 'classification')).toEqual(
      expect.arrayContaining(['horizontalFlip', 'rotate', 'shift', 'crop', 'brightness', 'contrast', 'cutOut', 'noise', 'mixUp']),
    );
    expect(augmentationsFor([featuresRole], 'regression')).toEqual(['noise', 'mixUp']);
    expect(augmentationsFor([sequenceRole], 'forecasting')).toEqual(['timeShift', 'noise', 'mask']);
    expect(augmentationsFor([tokensRole], 'nextToken')).toEqual([]);
    expect(augmentationsFor([imageRole], 'diffusion')).toEqual([]);
  });

  it.each([
    [{ horizontalFlip: 0.5 }, featuresRole, 'Horizontal flip of 0.5 does not fit: it needs inputs of the kind image, got features.'],
    [{ crop: 4 }, imageRole, 'Random crop: expected at most 3 px for images 4 × 5, got 4.'],
    [{ cutOut: 9 }, imageRole, 'Cut-out: expected a square of at most 5 px for images 4 × 5, got 9.'],
    [
      { mask: 0.5 },
      sequenceRole,
      'Masked steps of 0.5 does not fit: it needs one of the tasks forecasting, sequenceLabelling, got classification.',
    ],
  ])('says why %j does not fit', (config, role, sentence) => {
    expect(checkAugmentation(config, [role], 'classification').map(({ message }) => message)).toEqual([sentence]);
  });
});

const all: readonly (readonly [DataRole, AugmentationConfig])[] = [
  [imageRole, { horizontalFlip: 0.5, rotate: 30, shift: 0.25, crop: 2, brightness: 0.2, contrast: 0.2, cutOut: 2 }],
  [featuresRole, { noise: 0.1 }],
  [sequenceRole, { timeShift: 3, mask: 0.3, noise: 0.1 }],
];

describe.each(enginesUnderTest.map((create) => [create().info.label, create] as const))('on %s', (_, create) => {
  it.each(all)('$name: as on the reference', async (role, config) => {
    const engine = create();
    try {
      const { kind } = engine.info;
      const expected = await augmented(role, config);
      expectClose(await augmented(role, config, engine), expected, engineTolerances[kind], { what: role.name });
      const share = await run(engine, [1], (b) => mixingShare(b, 0.4));
      expectClose(share, await run(createReferenceEngine(), [1], (b) => mixingShare(b, 0.4)), engineTolerances[kind], { what: 'share' });
    } finally {
      await engine.dispose();
    }
  });
});
