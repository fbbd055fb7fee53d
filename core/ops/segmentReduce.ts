/**
 * Sums or maxima of the rows of each segment: the adjoint of gather, and message passing on graphs. An empty segment
 * is 0 for both. Equal maxima share the gradient evenly.
 */
import { defect, defineOp } from './defineOp.ts';
import { elementCount } from './shapes.ts';

export const segmentReduce = defineOp('segmentReduce', {
  inferType({ segmentCount }, inputs) {
    const [values, segments] = inputs;
    if (values.dtype !== 'f32') defect('segmentReduce', 'needs f32 values', inputs);
    if (segments.dtype !== 'i32') defect('segmentReduce', 'needs i32 segments', inputs);
    if (segments.shape.length !== 1 || segments.shape[0] !== values.shape[0]) {
      defect('segmentReduce', 'needs one segment for each row of values', inputs);
    }
    return { shape: [segmentCount, ...values.shape.slice(1)], dtype: 'f32' };
  },
  gradient({ b, attrs, inputs: [values, segments], output, gradient }) {
    if (attrs.fn === 'sum') return [() => b.gather(gradient, segments), null];
    return [
      () => {
        const winners = b.binary('equal', values, b.gather(output, segments));
        const counts = b.segmentReduce('sum', winners, segments, attrs.segmentCount);
        // Segments without winners are empty; 1 keeps them from dividing by 0.
        const share = b.divide(gradient, b.maximum(counts, 1));
        return b.select(winners, b.gather(share, segments), 0);
      },
      null,
    ];
  },
  reference({ attrs: { fn, segmentCount }, inputs: [values, segments], output: { data }, scratch }) {
    const rowSize = elementCount(values.type.shape.slice(1));
    const source = values.data;
    const ids = segments.data;
    scratch.reserve(data.length);
    const filled = new Uint8Array(segmentCount);
    const start = fn === 'sum' ? 0 : -Infinity;
    return () => {
      const totals = scratch.array;
      totals.fill(start, 0, data.length);
      filled.fill(0);
      for (let i = 0, p = 0; i < ids.length; i++) {
        const segment = ids[i]!;
        if (segment < 0 || segment >= segmentCount) throw new Error(`segmentReduce: segment ${segment} is outside 0..${segmentCount - 1}`);
        filled[segment] = 1;
        for (let j = 0, q = segment * rowSize; j < rowSize; j++, p++, q++) {
          totals[q] = fn === 'sum' ? totals[q]! + source[p]! : Math.max(totals[q]!, source[p]!);
        }
      }
      for (let q = 0; q < data.length; q++) data[q] = filled[Math.floor(q / rowSize)] === 1 ? totals[q]! : 0;
    };
  },
});
