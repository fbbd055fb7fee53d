/** Convolutions of any small shape against seven plain loops, forward and backward, on every engine. */
import fc from 'fast-check';
import { it } from 'vitest';
import { createBuilder } from '../program/builder.ts';
import { gradients } from '../program/gradient.ts';
import type { SlotSpec } from '../program/program.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { enginesUnderTest, runProgram } from '../testing/checkOp.ts';
import { expectClose } from '../testing/compare.ts';
import { engineTolerances, f64Tolerance } from '../testing/tolerances.ts';
import { wave } from '../testing/torchFixture.ts';
import { elementCount } from './shapes.ts';
import { windowPositions } from './window.ts';

interface Case {
  readonly batch: number;
  readonly channels: number;
  readonly filters: number;
  readonly image: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly stride: number;
  readonly dilation: number;
  readonly padding: number;
}

const size = (max: number) => fc.integer({ min: 1, max });

const cases = fc
  .record({
    batch: size(3),
    channels: size(5),
    filters: size(7),
    image: fc.tuple(size(11), size(11)),
    kernel: fc.tuple(size(4), size(4)),
    stride: size(3),
    dilation: size(2),
    padding: fc.integer({ min: 0, max: 2 }),
  })
  .filter((one) => [0, 1].every((axis) => positions(one, axis) >= 1));

function positions({ image, kernel, stride, dilation, padding }: Case, axis: number): number {
  return windowPositions(image[axis]! + 2 * padding, kernel[axis]!, stride, dilation);
}

it('equals plain loops', async () => {
  await fc.assert(fc.asyncProperty(cases, checkCase), { numRuns: 25, seed: 1 });
});

async function checkCase(one: Case): Promise<void> {
  const { batch, channels, filters, image, kernel, stride, dilation, padding } = one;
  const shapes = {
    x: [batch, channels, ...image],
    w: [filters, channels, ...kernel],
    g: [batch, filters, positions(one, 0), positions(one, 1)],
  };
  const b = createBuilder({ name: 'convolution', batchSize: 0 });
  const slots: SlotSpec[] = [];
  const declare = (name: string, shape: readonly number[]) => {
    slots.push({ name, kind: 'carry', type: { shape, dtype: 'f32' } });
  };
  const read = (name: keyof typeof shapes) => {
    declare(name, shapes[name]);
    return b.slot(name, { shape: shapes[name], dtype: 'f32' });
  };
  const [x, w, g] = [read('x'), read('w'), read('g')];
  const padded = b.pad(b.pad(x, 2, padding, padding), 3, padding, padding);
  const windows = b.window(b.window(padded, 2, kernel[0], { stride, dilation }), 4, kernel[1], { stride, dilation });
  const y = b.contract('bchiwj,ocij->bohw', windows, w);
  const [dx, dw] = gradients(b, b.sum(b.multiply(y, g), [0, 1, 2, 3]), [x, w]);
  for (const [name, value] of Object.entries({ y, dx: dx!, dw: dw! })) {
    declare(name, value.shape);
    b.assign(name, value);
  }
  const program = b.build();
  const data = new Map(Object.entries(shapes).map(([name, shape], i) => [name, Float32Array.from(wave(elementCount(shape), i))]));
  const expected = plainLoops(one, data.get('x')!, data.get('w')!, data.get('g')!);
  for (const create of [() => createReferenceEngine({ precision: 'f64' }), ...enginesUnderTest]) {
    const engine = create();
    const isExact = engine.info.numerics.includes('f64');
    // Sums run over up to 3 · 11 · 11 products of size 3.
    const { relative, absolute } = isExact ? f64Tolerance : engineTolerances[engine.info.kind];
    const results = await runProgram({ engine, program, slots, data });
    for (const [name, values] of Object.entries(expected)) {
      const what = `${engine.info.label}: ${name} of ${JSON.stringify(one)}`;
      expectClose(results.get(name)!, values, { relative: 30 * relative, absolute: 30 * absolute }, { what });
    }
    await engine.dispose();
  }
}

function plainLoops(one: Case, x: Float32Array, w: Float32Array, g: Float32Array) {
  const { batch, channels, filters, image, kernel, stride, dilation, padding } = one;
  const [height, width] = [positions(one, 0), positions(one, 1)];
  const y = new Float64Array(g.length);
  const dx = new Float64Array(x.length);
  const dw = new Float64Array(w.length);
  for (let n = 0; n < batch; n++) {
    for (let o = 0; o < filters; o++) {
      for (let h = 0; h < height; h++) {
        for (let v = 0; v < width; v++) {
          for (let c = 0; c < channels; c++) {
            for (let i = 0; i < kernel[0]; i++) {
              for (let j = 0; j < kernel[1]; j++) {
                const row = h * stride + i * dilation - padding;
                const column = v * stride + j * dilation - padding;
                if (row < 0 || row >= image[0] || column < 0 || column >= image[1]) continue;
                const at = ((n * channels + c) * image[0] + row) * image[1] + column;
                const tap = ((o * channels + c) * kernel[0] + i) * kernel[1] + j;
                const out = ((n * filters + o) * height + h) * width + v;
                y[out]! += x[at]! * w[tap]!;
                dx[at]! += g[out]! * w[tap]!;
                dw[tap]! += g[out]! * x[at]!;
              }
            }
          }
        }
      }
    }
  }
  return { y, dx, dw };
}
