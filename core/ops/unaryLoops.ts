/** One plain loop per unary function: y[i] = f(x[i]). Separate loops, so that no call per element remains. */
import type { SlotData } from '../engines/engine.ts';
import type { UnaryFn } from '../program/program.ts';

type UnaryLoop = (x: SlotData, y: SlotData) => void;

/** 2/√π */
const erfScale = 2 / Math.sqrt(Math.PI);

export const unaryLoops: { readonly [F in UnaryFn]: UnaryLoop } = {
  negate: (x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = -x[i]!;
  },
  abs: (x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.abs(x[i]!);
  },
  sign: (x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.sign(x[i]!);
  },
  exp: (x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.exp(x[i]!);
  },
  log: (x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.log(x[i]!);
  },
  log1p: (x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.log1p(x[i]!);
  },
  sqrt: (x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.sqrt(x[i]!);
  },
  rsqrt: (x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = 1 / Math.sqrt(x[i]!);
  },
  reciprocal: (x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = 1 / x[i]!;
  },
  square: (x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = x[i]! * x[i]!;
  },
  tanh: (x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.tanh(x[i]!);
  },
  // The exponential never overflows: its argument is −|x|.
  sigmoid: (x, y) => {
    for (let i = 0; i < y.length; i++) {
      const e = Math.exp(-Math.abs(x[i]!));
      y[i] = (x[i]! >= 0 ? 1 : e) / (1 + e);
    }
  },
  /**
   * Abramowitz & Stegun, Handbook of Mathematical Functions (1964): series 7.1.6 near 0, all terms of one sign;
   * continued fraction 7.1.14 of the complement further out, evaluated from its tail. Good to about 1e-15.
   */
  erf: (x, y) => {
    for (let i = 0; i < y.length; i++) {
      const value = x[i]!;
      const a = Math.abs(value);
      let result: number;
      if (a < 2.5) {
        let term = a;
        let sum = a;
        for (let n = 1; term > 1e-17 * sum; n++) {
          term *= (2 * a * a) / (2 * n + 1);
          sum += term;
        }
        result = erfScale * Math.exp(-a * a) * sum;
      } else if (a < 6) {
        let tail = a;
        for (let n = 60; n > 0; n--) tail = a + n / 2 / tail;
        result = 1 - (Math.exp(-a * a) * erfScale) / (2 * tail);
      } else {
        result = a >= 6 ? 1 : a; // NaN stays NaN
      }
      y[i] = value < 0 ? -result : result;
    }
  },
  sin: (x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.sin(x[i]!);
  },
  cos: (x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.cos(x[i]!);
  },
  floor: (x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.floor(x[i]!);
  },
  isFinite: (x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.abs(x[i]!) < Infinity ? 1 : 0;
  },
};
