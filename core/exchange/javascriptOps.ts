/**
 * The ops of a program as plain JavaScript, for models that are taken along. Each entry is the text of a function that
 * prepares one step: `(attrs, inputs, out)` with tensors `{ data, shape }`; what it returns runs once per prediction. The loops
 * are those of core/ops, sums in double precision.
 */
import type { BinaryFn, OpName, UnaryFn } from '../program/program.ts';

/** Random numbers, batches of rows and changing scalars belong to training; slots are weights and inputs. */
type Training = 'random' | 'rows' | 'scalar' | 'slot';

/** Leaves that stay the same; `reshape` only looks at the same numbers in another way. */
export const opTexts: { readonly [K in Exclude<OpName, Training>]: string } = {
  constant: `(attrs, inputs, out) => () => { out.data.fill(attrs.value); }`,
  iota: `(attrs, inputs, out) => {
    const inner = count(attrs.shape.slice(attrs.axis + 1));
    return () => { for (let i = 0; i < out.data.length; i++) out.data[i] = Math.floor(i / inner) % attrs.shape[attrs.axis]; };
  }`,
  unary: `(attrs, [x], out) => {
    const f = unaryFunctions[attrs.fn];
    return () => { for (let i = 0; i < out.data.length; i++) out.data[i] = f(x.data[i]); };
  }`,
  binary: `(attrs, [x, y], out) => {
    const f = binaryFunctions[attrs.fn];
    return () => { for (let i = 0; i < out.data.length; i++) out.data[i] = f(x.data[i], y.data[i]); };
  }`,
  select: `(attrs, [condition, x, y], out) => () => {
    for (let i = 0; i < out.data.length; i++) out.data[i] = condition.data[i] !== 0 ? x.data[i] : y.data[i];
  }`,
  cast: `(attrs, [x], out) => () => { for (let i = 0; i < out.data.length; i++) out.data[i] = x.data[i]; }`,
  reduce: `({ fn, axes }, [x], out) => {
    const own = strides(x.shape);
    const kept = x.shape.map((size, axis) => axis).filter((axis) => !axes.includes(axis));
    const starts = offsets(kept.map((axis) => x.shape[axis]), kept.map((axis) => own[axis]));
    const steps = offsets(axes.map((axis) => x.shape[axis]), axes.map((axis) => own[axis]));
    return () => {
      for (let i = 0; i < out.data.length; i++) {
        let result = fn === 'sum' ? 0 : -Infinity;
        for (const step of steps) {
          const value = x.data[starts[i] + step];
          result = fn === 'sum' ? result + value : Math.max(result, value);
        }
        out.data[i] = result;
      }
    };
  }`,
  argmax: `({ axis }, [x], out) => {
    const size = x.shape[axis];
    const inner = count(x.shape.slice(axis + 1));
    return () => {
      for (let i = 0; i < out.data.length; i++) {
        const start = Math.floor(i / inner) * size * inner + (i % inner);
        let best = 0;
        for (let j = 1; j < size; j++) if (x.data[start + j * inner] > x.data[start + best * inner]) best = j;
        out.data[i] = best;
      }
    };
  }`,
  // Einstein summation: for every result the products over the letters that are in no result are added up.
  contract: `({ left, right, out: result }, [x, y], out) => {
    const sizes = {};
    [...left].forEach((letter, axis) => { sizes[letter] = x.shape[axis]; });
    [...right].forEach((letter, axis) => { sizes[letter] = y.shape[axis]; });
    const summed = [...left].filter((letter) => !result.includes(letter));
    const table = (letters, own, shape) => {
      const step = strides(shape);
      return offsets([...letters].map((letter) => sizes[letter]), [...letters].map((letter) => step[own.indexOf(letter)] ?? 0));
    };
    const [xStarts, yStarts] = [table(result, left, x.shape), table(result, right, y.shape)];
    const [xSteps, ySteps] = [table(summed, left, x.shape), table(summed, right, y.shape)];
    return () => {
      for (let i = 0; i < out.data.length; i++) {
        let sum = 0;
        for (let k = 0, p = xStarts[i], q = yStarts[i]; k < xSteps.length; k++) sum += x.data[p + xSteps[k]] * y.data[q + ySteps[k]];
        out.data[i] = sum;
      }
    };
  }`,
  gather: `(attrs, [table, indices], out) => {
    const size = count(table.shape.slice(1));
    return () => {
      indices.data.forEach((row, i) => out.data.set(table.data.subarray(row * size, (row + 1) * size), i * size));
    };
  }`,
  segmentReduce: `({ fn, segmentCount }, [values, segments], out) => {
    const size = count(values.shape.slice(1));
    return () => {
      const totals = new Float64Array(segmentCount * size).fill(fn === 'sum' ? 0 : -Infinity);
      const filled = new Set(segments.data);
      segments.data.forEach((segment, i) => {
        for (let j = 0; j < size; j++) {
          const at = segment * size + j;
          const value = values.data[i * size + j];
          totals[at] = fn === 'sum' ? totals[at] + value : Math.max(totals[at], value);
        }
      });
      for (let i = 0; i < out.data.length; i++) out.data[i] = filled.has(Math.floor(i / size)) ? totals[i] : 0;
    };
  }`,
  reshape: `(attrs, [x], out) => { out.data = x.data; }`,
  transpose: `({ axes }, [x], out) => {
    const own = strides(x.shape);
    return copy(out.shape, x, 0, axes.map((axis) => own[axis]), out, 0, strides(out.shape));
  }`,
  slice: `({ axis, start }, [x], out) => {
    const own = strides(x.shape);
    return copy(out.shape, x, start * own[axis], own, out, 0, strides(out.shape));
  }`,
  pad: `({ axis, before, value }, [x], out) => {
    const step = strides(out.shape);
    const inside = copy(x.shape, x, 0, strides(x.shape), out, before * step[axis], step);
    return () => { out.data.fill(value); inside(); };
  }`,
  concat: `({ axis }, inputs, out) => {
    const step = strides(out.shape);
    let start = 0;
    const copies = inputs.map((x) => {
      const from = start;
      start += x.shape[axis] * step[axis];
      return copy(x.shape, x, 0, strides(x.shape), out, from, step);
    });
    return () => { for (const each of copies) each(); };
  }`,
  broadcast: `({ shape, axes }, [x], out) => {
    const own = strides(x.shape);
    const from = shape.map((size, axis) => (axes.includes(axis) && x.shape[axes.indexOf(axis)] !== 1 ? own[axes.indexOf(axis)] : 0));
    return copy(shape, x, 0, from, out, 0, strides(shape));
  }`,
  flip: `({ axis }, [x], out) => {
    const own = strides(x.shape);
    const from = own.map((step, i) => (i === axis ? -step : step));
    return copy(x.shape, x, (x.shape[axis] - 1) * own[axis], from, out, 0, own);
  }`,
  window: `({ axis, stride, dilation }, [x], out) => {
    const from = strides(x.shape);
    from.splice(axis, 1, from[axis] * stride, from[axis] * dilation);
    return copy(out.shape, x, 0, from, out, 0, strides(out.shape));
  }`,
  fold: `({ axis, stride, dilation }, [x], out) => {
    const step = strides(out.shape);
    const to = offsets(x.shape, [...step.slice(0, axis), step[axis] * stride, step[axis] * dilation, ...step.slice(axis + 1)]);
    return () => {
      const totals = new Float64Array(out.data.length);
      for (let i = 0; i < to.length; i++) totals[to[i]] += x.data[i];
      out.data.set(totals);
    };
  }`,
};

export const unaryTexts: { readonly [F in UnaryFn]: string } = {
  negate: '(x) => -x',
  abs: 'Math.abs',
  sign: 'Math.sign',
  exp: 'Math.exp',
  log: 'Math.log',
  log1p: 'Math.log1p',
  sqrt: 'Math.sqrt',
  rsqrt: '(x) => 1 / Math.sqrt(x)',
  reciprocal: '(x) => 1 / x',
  square: '(x) => x * x',
  tanh: 'Math.tanh',
  // The exponential never overflows: its argument is −|x|.
  sigmoid: `(x) => {
    const e = Math.exp(-Math.abs(x));
    return (x >= 0 ? 1 : e) / (1 + e);
  }`,
  // Abramowitz & Stegun 7.1.6 near 0, the continued fraction 7.1.14 further out.
  erf: `(x) => {
    const a = Math.abs(x);
    if (!(a < 6)) return a >= 6 ? Math.sign(x) : NaN;
    let result = 0;
    if (a < 2.5) {
      for (let n = 1, term = a; term > 1e-17 * result; n++) {
        result += term;
        term *= (2 * a * a) / (2 * n + 1);
      }
      result *= (2 / Math.sqrt(Math.PI)) * Math.exp(-a * a);
    } else {
      let tail = a;
      for (let n = 60; n > 0; n--) tail = a + n / 2 / tail;
      result = 1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * tail);
    }
    return x < 0 ? -result : result;
  }`,
  sin: 'Math.sin',
  cos: 'Math.cos',
  floor: 'Math.floor',
  isFinite: '(x) => (Math.abs(x) < Infinity ? 1 : 0)',
};

export const binaryTexts: { readonly [F in BinaryFn]: string } = {
  add: '(x, y) => x + y',
  subtract: '(x, y) => x - y',
  multiply: '(x, y) => x * y',
  divide: '(x, y) => x / y',
  maximum: 'Math.max',
  minimum: 'Math.min',
  power: '(x, y) => x ** y',
  equal: '(x, y) => (x === y ? 1 : 0)',
  less: '(x, y) => (x < y ? 1 : 0)',
  lessEqual: '(x, y) => (x <= y ? 1 : 0)',
};

/** What the ops stand on. */
export const helperTexts = `
const count = (shape) => shape.reduce((product, size) => product * size, 1);

/** Numbers between neighbours along each axis, row by row. */
function strides(shape) {
  const result = new Array(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) result[axis] = result[axis + 1] * shape[axis + 1];
  return result;
}

/** Where every element of a shape stands, row by row, for these distances along its axes. */
function offsets(shape, steps, start = 0) {
  const table = new Int32Array(count(shape));
  if (table.length === 0) return table;
  table[0] = start;
  let filled = 1;
  // From the last axis outwards: what is filled is repeated, moved by the axis's step.
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const block = filled;
    for (let i = 1; i < shape[axis]; i++) {
      for (let j = 0; j < block; j++) table[filled++] = table[j] + i * steps[axis];
    }
  }
  return table;
}

function copy(shape, x, xStart, xSteps, out, outStart, outSteps) {
  const from = offsets(shape, xSteps, xStart);
  const to = offsets(shape, outSteps, outStart);
  return () => { for (let i = 0; i < from.length; i++) out.data[to[i]] = x.data[from[i]]; };
}
`.trim();
