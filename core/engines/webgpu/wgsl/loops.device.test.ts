/**
 * Reductions of every shape a kernel is cut by: threads alone, lanes along and across rows, parts in two dispatches; and
 * segments of many rows. Against the reference in double precision, with the shaders of a software adapter and with those
 * of a graphics card, which engines with a page size of their own get.
 */
import { describe, it } from 'vitest';
import type { Builder, Value } from '../../../program/builder.ts';
import { createBuilder } from '../../../program/builder.ts';
import type { SlotSpec } from '../../../program/program.ts';
import { elementCount } from '../../../ops/shapes.ts';
import { createRandom } from '../../../random/philox.ts';
import { createDeviceEngine, runProgram } from '../../../testing/checkOp.ts';
import { expectClose } from '../../../testing/compare.ts';
import { engineTolerances } from '../../../testing/tolerances.ts';
import { createReferenceEngine } from '../../reference/referenceEngine.ts';
import type { SlotData } from '../../engine.ts';

async function compare(
  inputs: Readonly<Record<string, readonly number[]>>,
  build: (b: Builder, ...values: Value[]) => readonly Value[],
  integers = 0,
) {
  const b = createBuilder({ name: 'large', batchSize: 0 });
  const slots: SlotSpec[] = [];
  const data = new Map<string, SlotData>();
  const values = Object.entries(inputs).map(([name, shape], stream) => {
    const isInteger = name === 'index';
    const type = { shape, dtype: isInteger ? 'i32' : 'f32' } as const;
    slots.push({ name, kind: 'carry', type });
    const random = createRandom(7, stream);
    const numbers = Array.from({ length: elementCount(shape) }, () =>
      isInteger ? random.integer(integers) : Math.fround(2 * random.uniform() - 1),
    );
    data.set(name, isInteger ? Int32Array.from(numbers) : Float32Array.from(numbers));
    return b.slot(name, type);
  });
  build(b, ...values).forEach((value, i) => {
    slots.push({ name: `result ${i}`, kind: 'carry', type: { shape: value.shape, dtype: value.dtype } });
    b.assign(`result ${i}`, value);
  });
  const program = b.build();
  const expected = await runProgram({ engine: createReferenceEngine({ precision: 'f64' }), program, slots, data });
  for (const options of [{}, { pageBytes: 2 ** 24 }]) {
    const engine = createDeviceEngine(options);
    const got = await runProgram({ engine, program, slots, data });
    await engine.dispose();
    for (const [name, numbers] of got) expectClose(numbers, expected.get(name)!, engineTolerances.webgpu, { what: name });
  }
}

const shapes = [
  [[3, 20_000], [1]],
  [[20_001], [0]],
  [[70, 130], [1]],
  [[1000, 33], [0]],
  [[17_000, 18], [1]],
  [
    [6, 30, 50],
    [0, 2],
  ],
] as const;
const more = [
  [[20_000, 3], [0]],
  [[70, 130], [0]],
  [[1000, 40], [1]],
  [[1000, 40], [0]],
  [[33, 1000], [1]],
  [[18, 17_000], [0]],
  [[6, 30, 50], [1]],
] as const;
const isFull = process.env['LAYERBENCH_BATTERY'] === 'full';

describe.each([...shapes, ...(isFull ? more : [])])('shape %j over %j', (shape, axes) => {
  it('sums, maxima and places of maxima', () =>
    compare({ x: shape }, (b, x) => [
      b.sum(x, [...axes]),
      b.max(b.multiply(x, x), [...axes]),
      ...(axes.length === 1 ? [b.argmax(x, axes[0])] : []),
    ]));
});

it.each([[[40, 1000]], [[5000, 10]], [[3, 4096]], [[130, 77]]])('softmax and layer norm of %j', (shape) =>
  compare({ x: shape, y: shape }, (b, x, y) => {
    const rows = (value: Value) => b.broadcast(value, shape, [0]);
    const shifted = b.subtract(x, rows(b.max(x, [1])));
    const e = b.unary('exp', shifted);
    const softmax = b.divide(e, rows(b.sum(e, [1])));
    const mean = b.multiply(b.sum(y, [1]), 1 / shape[1]!);
    const centred = b.subtract(y, rows(mean));
    const variance = b.multiply(b.sum(b.multiply(centred, centred), [1]), 1 / shape[1]!);
    const normal = b.multiply(centred, rows(b.unary('rsqrt', b.add(variance, 1e-5))));
    return [softmax, normal, b.sum(b.multiply(softmax, normal), [1])];
  }),
);

it.each([
  [5000, 7, 3],
  [3000, 40, 2500],
  [300, 64, 65],
  [1000, 1, 1],
  [40, 3, 9],
])('%j rows of %j in %j segments', (rows, columns, segments) =>
  compare(
    { x: [rows, columns], index: [rows] },
    (b, x, index) => [b.segmentReduce('sum', x, index, segments), b.segmentReduce('max', x, index, segments)],
    segments,
  ),
);
