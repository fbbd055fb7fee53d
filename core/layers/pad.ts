/** Pad: a constant before and after the values along one dimension. */
import { defineLayer } from './defineLayer.ts';
import { axisNamed, dimensionName, dimensionParam, requireDimension } from './dimensions.ts';
import { onlyShape, onlyValue } from './helpers.ts';

const size = { kind: 'integer', default: 1, min: 0, max: 65_536, step: 1 } as const;

export const pad = defineLayer({
  type: 'pad',
  version: 1,
  title: 'Pad',
  family: 'structure',
  keywords: ['zero', 'constant', 'border', 'margin'],
  doc: {
    summary:
      'Puts a constant, usually 0, before and after the values along one dimension: a border around an image (one Pad for its height, one for its width), empty steps before a sequence.',
    source: 'PyTorch torch.nn.functional.pad',
  },
  params: {
    dimension: { ...dimensionParam, default: 'W' },
    before: { ...size, label: 'Before', doc: 'How many values come before the first.' },
    after: { ...size, label: 'After', doc: 'How many values come after the last.' },
    value: { kind: 'number', label: 'Value', doc: 'What stands there.', default: 0, min: -1e9, max: 1e9 },
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape(context) {
    const { params, inputs } = context;
    const x = onlyShape(inputs);
    const axis = axisNamed(x, params.dimension);
    const longer = (own: number | null) => (own ?? 1) + params.before + params.after;
    return requireDimension(context, 'Pad', params.dimension) ?? x.map((d, i) => (i === axis ? { ...d, size: longer(d.size) } : d));
  },
  weights: () => [],
  lower: ({ b, params, inputs, values }) =>
    b.pad(onlyValue(values), axisNamed(onlyShape(inputs), params.dimension), params.before, params.after, params.value),
  describe: ({ params }) =>
    `${dimensionName(params.dimension)} · ${params.before} before, ${params.after} after${params.value === 0 ? '' : ` · ${params.value}`}`,
  flops: () => 0,
});
