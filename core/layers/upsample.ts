/**
 * Upsample (PyTorch's Upsample with a whole factor): every pixel repeated, or values in between interpolated. Bilinear places
 * pixels by their centres (align_corners = False): result r of a pixel lies at (r + ½) ÷ factor − ½ from it.
 */
import { sampleSize } from '../graph/shape.ts';
import type { Builder, Value } from '../program/builder.ts';
import { imageAxes } from './convolve.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue, requireImage } from './helpers.ts';
import { channelCount, placeAxes, withPlaces } from './places.ts';
import { perAxis, shortSizes } from './sizes.ts';

export const upsample = defineLayer({
  type: 'upsample',
  version: 1,
  title: 'Upsample',
  family: 'convolution',
  keywords: ['nearest', 'bilinear', 'interpolate', 'resize', 'enlarge', 'decoder', 'u-net'],
  doc: {
    summary:
      'Enlarges an image by a whole factor: every pixel is repeated, or the values between pixels are interpolated. Nothing is learned; followed by a Conv2D it is the smooth alternative to a transposed convolution.',
    source: 'Odena, Dumoulin, Olah 2016, Deconvolution and checkerboard artifacts; as torch.nn.Upsample',
  },
  params: {
    factor: {
      kind: 'sizes',
      axes: imageAxes,
      label: 'Factor',
      doc: 'How many times as high and wide the result is.',
      default: 2,
      min: 1,
      max: 64,
    },
    mode: {
      kind: 'choice',
      label: 'Mode',
      doc: 'What stands between the pixels.',
      default: 'nearest',
      options: [
        { value: 'nearest', label: 'Nearest', doc: 'Every pixel is repeated.' },
        { value: 'bilinear', label: 'Bilinear', doc: 'A straight line from pixel to pixel, along both axes.' },
      ],
    },
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape(context) {
    const x = onlyShape(context.inputs);
    const factors = perAxis(context.params.factor, 2);
    const enlarged = placeAxes(x).map((axis, i) => (x[axis]?.size ?? 1) * (factors[i] ?? 1));
    return requireImage(context) ?? withPlaces(x, channelCount(x), enlarged);
  },
  weights: () => [],
  lower({ b, params, inputs, values }) {
    const enlarge = params.mode === 'nearest' ? repeatAlong : interpolateAlong;
    const factors = perAxis(params.factor, 2);
    return placeAxes(onlyShape(inputs)).reduce((x, axis, i) => enlarge(b, x, axis, factors[i] ?? 1), onlyValue(values));
  },
  describe: ({ params }) => `×${shortSizes(params.factor)} · ${params.mode}`,
  flops({ params, inputs }) {
    const [down = 1, along = 1] = perAxis(params.factor, 2);
    // Three products and two sums for each value of either pass.
    return params.mode === 'nearest' ? 0 : 5 * sampleSize(onlyShape(inputs)) * (down + down * along);
  },
});

/** (…, n, …) → (…, n · factor, …), each element `factor` times. */
function repeatAlong(b: Builder, x: Value, axis: number, factor: number): Value {
  const apart = x.shape.toSpliced(axis + 1, 0, 1);
  return joined(b, b.broadcastTo(b.reshape(x, apart), apart.with(axis + 1, factor)), axis);
}

/** Each element between its neighbours; at the edges they are the element itself. */
function interpolateAlong(b: Builder, x: Value, axis: number, factor: number): Value {
  const size = x.shape[axis] ?? 1;
  if (factor === 1) return x;
  const part = (start: number, length: number) => b.slice(x, axis, start, length);
  const previous = size === 1 ? x : b.concat([part(0, 1), part(0, size - 1)], axis);
  const next = size === 1 ? x : b.concat([part(1, size - 1), part(size - 1, 1)], axis);
  // Where the results of one element lie, in elements: −½ … ½.
  const result = b.cast(b.iota([factor], 0), 'f32');
  const offset = b.add(b.multiply(result, 1 / factor), 0.5 / factor - 0.5);
  const weight = (towards: Value) => b.reshape(b.maximum(towards, 0), [factor, ...x.shape.slice(axis + 1).map(() => 1)]);
  const [before, behind] = [weight(b.unary('negate', offset)), weight(offset)];
  const apart = (value: Value) => b.reshape(value, x.shape.toSpliced(axis + 1, 0, 1));
  const own = b.multiply(apart(x), b.subtract(b.subtract(1, before), behind));
  const sum = b.add(b.add(own, b.multiply(apart(previous), before)), b.multiply(apart(next), behind));
  return joined(b, sum, axis);
}

/** Two neighbouring axes become one. */
function joined(b: Builder, x: Value, axis: number): Value {
  return b.reshape(x, x.shape.toSpliced(axis, 2, (x.shape[axis] ?? 1) * (x.shape[axis + 1] ?? 1)));
}
