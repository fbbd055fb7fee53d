/**
 * One plain loop per binary function: out[i] = f(x[i], y[i]). An operand that is the same everywhere may be stored as
 * one element; its step is then 0. Maximum and minimum pass NaN on.
 */
import type { SlotData } from '../engines/engine.ts';
import type { BinaryFn } from '../program/program.ts';

type BinaryLoop = (x: SlotData, y: SlotData, out: SlotData, xStep: number, yStep: number) => void;

export const binaryLoops: { readonly [F in BinaryFn]: BinaryLoop } = {
  add: (x, y, out, p, q) => {
    for (let i = 0, j = 0, k = 0; i < out.length; i++, j += p, k += q) out[i] = x[j]! + y[k]!;
  },
  subtract: (x, y, out, p, q) => {
    for (let i = 0, j = 0, k = 0; i < out.length; i++, j += p, k += q) out[i] = x[j]! - y[k]!;
  },
  multiply: (x, y, out, p, q) => {
    for (let i = 0, j = 0, k = 0; i < out.length; i++, j += p, k += q) out[i] = x[j]! * y[k]!;
  },
  divide: (x, y, out, p, q) => {
    for (let i = 0, j = 0, k = 0; i < out.length; i++, j += p, k += q) out[i] = x[j]! / y[k]!;
  },
  maximum: (x, y, out, p, q) => {
    for (let i = 0, j = 0, k = 0; i < out.length; i++, j += p, k += q) out[i] = Math.max(x[j]!, y[k]!);
  },
  minimum: (x, y, out, p, q) => {
    for (let i = 0, j = 0, k = 0; i < out.length; i++, j += p, k += q) out[i] = Math.min(x[j]!, y[k]!);
  },
  power: (x, y, out, p, q) => {
    for (let i = 0, j = 0, k = 0; i < out.length; i++, j += p, k += q) out[i] = x[j]! ** y[k]!;
  },
  equal: (x, y, out, p, q) => {
    for (let i = 0, j = 0, k = 0; i < out.length; i++, j += p, k += q) out[i] = x[j] === y[k] ? 1 : 0;
  },
  less: (x, y, out, p, q) => {
    for (let i = 0, j = 0, k = 0; i < out.length; i++, j += p, k += q) out[i] = x[j]! < y[k]! ? 1 : 0;
  },
  lessEqual: (x, y, out, p, q) => {
    for (let i = 0, j = 0, k = 0; i < out.length; i++, j += p, k += q) out[i] = x[j]! <= y[k]! ? 1 : 0;
  },
};
