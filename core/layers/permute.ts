/** Permute: the dimensions of a sample in another order; their names stay at their places. */
import { formatShape, type Shape } from '../graph/shape.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue } from './helpers.ts';

export const permute = defineLayer({
  type: 'permute',
  version: 1,
  title: 'Permute',
  family: 'structure',
  keywords: ['transpose', 'swap', 'axes', 'dimensions', 'mixer'],
  doc: {
    summary:
      'Puts the dimensions of a sample in another order: 2 1 swaps the time and the features of a sequence, so that the next Dense mixes steps instead of features.',
    source: 'PyTorch torch.permute (the batch stays first)',
  },
  params: {
    order: {
      kind: 'text',
      label: 'Order',
      doc: 'Which dimension comes first, second and so on, counted from 1 without the batch.',
      default: '2 1',
      placeholder: '2 1',
    },
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape({ params, inputs, inputNames, name }) {
    const x = onlyShape(inputs);
    const order = readOrder(params.order);
    const wanted = x.slice(1).map((_, i) => i + 1);
    if (String(order.toSorted((p, q) => p - q)) === String(wanted))
      return x.map((d, i) => ({ ...d, size: x[i === 0 ? 0 : (order[i - 1] ?? i)]?.size ?? null }));
    const reversed = wanted.toReversed().join(' ');
    return {
      code: 'permute.order',
      message: `${name}: the order should name ${wanted.join(', ')} once each, because ${formatShape(x)} arrives from ${inputNames[0]}, got "${params.order}".`,
      hint: `For example ${reversed}.`,
      fixes: [{ kind: 'setParam', label: `Set Order to ${reversed}`, node: '', param: 'order', value: reversed }],
    };
  },
  weights: () => [],
  lower: ({ b, params, values }) => b.transpose(onlyValue(values), [0, ...readOrder(params.order)]),
  describe: ({ params, inputs }) => {
    const shape: Shape = inputs[0] ?? [];
    const order = readOrder(params.order);
    return order.length === shape.length - 1 ? order.map((axis) => shape[axis]?.name ?? '?').join(' ') : params.order;
  },
  flops: () => 0,
});

function readOrder(text: string): number[] {
  return text
    .split(/[\s,;]+/)
    .filter((word) => word !== '')
    .map(Number);
}
