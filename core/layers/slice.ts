/** Slice: part of a sample along one of its dimensions, x[start … start + length]. */
import { namedShape } from '../graph/shape.ts';
import { defineLayer, type LayerContext } from './defineLayer.ts';
import { axisNamed, dimensionName, dimensionParam, requireDimension } from './dimensions.ts';
import { onlyShape, onlyValue } from './helpers.ts';

interface Params {
  readonly dimension: string;
  readonly start: number;
  readonly length: number;
  readonly drop: boolean;
}

export const slice = defineLayer({
  type: 'slice',
  version: 1,
  title: 'Slice',
  family: 'structure',
  keywords: ['crop', 'select', 'narrow', 'split', 'last step', 'first token'],
  doc: {
    summary:
      'Keeps a part of a sample: some features, some channels, the last steps of a sequence. A negative start counts from the end; with length 1 the dimension can be dropped, so that one step of a sequence becomes a row of features.',
    source: 'PyTorch torch.narrow and torch.select',
  },
  params: {
    dimension: dimensionParam,
    start: {
      kind: 'integer',
      label: 'Start',
      doc: 'First element that is kept, from 0; negative counts from the end.',
      default: 0,
      min: -1_000_000,
      max: 1_000_000,
      step: 1,
    },
    length: {
      kind: 'integer',
      label: 'Length',
      doc: 'How many are kept; 0 keeps all to the end.',
      default: 0,
      min: 0,
      max: 1_000_000,
      step: 1,
    },
    drop: { kind: 'boolean', label: 'Drop the dimension', doc: 'Where one element is kept, its dimension goes.', default: false },
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape(context) {
    const missing = requireDimension(context, 'Slice', context.params.dimension);
    if (missing !== undefined) return missing;
    const { params, inputs, name } = context;
    const x = onlyShape(inputs);
    const { axis, start, length, size } = extent(context);
    if (start < 0 || start >= size || start + length > size) {
      return {
        code: 'slice.range',
        message: `Slice '${name}': ${params.length === 0 ? '' : `${params.length} `}${dimensionName(params.dimension)} from ${params.start} ${params.length === 1 ? 'is' : 'are'} not within the ${size} that arrive.`,
        hint: `Start from ${-size} to ${size - 1}, and keep no more than are left.`,
        fixes: [
          ...(start >= 0 && start < size
            ? [{ kind: 'setParam', label: 'Set Length to 0: all to the end', node: '', param: 'length', value: 0 } as const]
            : [{ kind: 'setParam', label: 'Set Start to 0', node: '', param: 'start', value: 0 } as const]),
        ],
      };
    }
    if (params.drop && length !== 1) {
      return {
        code: 'slice.drop',
        message: `Slice '${name}': only a dimension of 1 can be dropped, ${length} ${dimensionName(params.dimension)} are kept.`,
        hint: 'Keep one, or keep the dimension.',
        fixes: [
          { kind: 'setParam', label: 'Set Length to 1', node: '', param: 'length', value: 1 },
          { kind: 'setParam', label: 'Keep the dimension', node: '', param: 'drop', value: false },
        ],
      };
    }
    const sizes = x.map((d, i) => (i === axis ? { ...d, size: length } : d));
    const dropped = params.drop ? namedShape(sizes.toSpliced(axis, 1).flatMap((d) => d.size ?? [])) : undefined;
    return dropped ?? sizes;
  },
  weights: () => [],
  lower(context) {
    const x = onlyValue(context.values);
    const { axis, start, length } = extent(context);
    const part = context.b.slice(x, axis, start, length);
    return context.params.drop && x.shape.length > 2 ? context.b.reshape(part, part.shape.toSpliced(axis, 1)) : part;
  },
  describe({ params: { dimension, start, length, drop } }) {
    const one = length === 1;
    const which =
      length === 0
        ? `from ${start}`
        : one
          ? `number ${start}`
          : start < 0
            ? `${length} from ${start}`
            : `${start} to ${start + length - 1}`;
    return `${dimensionName(dimension)} ${which}${drop ? ' · dropped' : ''}`;
  },
  flops: () => 0,
});

function extent({ params, inputs }: LayerContext<Params>): { axis: number; start: number; length: number; size: number } {
  const x = onlyShape(inputs);
  const axis = axisNamed(x, params.dimension);
  const size = x[axis]?.size ?? 1;
  const start = params.start < 0 ? size + params.start : params.start;
  return { axis, start, size, length: params.length === 0 ? size - start : params.length };
}
