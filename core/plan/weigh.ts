/** About how much work a node is: decides how kernels are shared out, never what they compute. */
import type { UnaryFn } from '../program/program.ts';
import type { LoopNode } from './loopBody.ts';

/** About how many vector instructions a function takes. */
export const unaryCosts: { readonly [F in UnaryFn]: number } = {
  negate: 1,
  abs: 1,
  sign: 4,
  exp: 16,
  log: 20,
  log1p: 24,
  sqrt: 4,
  rsqrt: 6,
  reciprocal: 3,
  square: 1,
  tanh: 20,
  sigmoid: 20,
  erf: 30,
  sin: 24,
  cos: 24,
  floor: 1,
  isFinite: 2,
};

export interface WeighedNode {
  readonly node: LoopNode;
  /** The phase it belongs to, or undefined for once per row. */
  readonly level: number | undefined;
}

export function nodeCost(node: LoopNode): number {
  switch (node.op) {
    case 'load':
      return node.row === undefined ? 1 : 3;
    case 'random':
      return node.distribution === 'normal' ? 90 : 40;
    case 'unary':
      return unaryCosts[node.fn];
    case 'binary':
      return node.fn === 'power' ? 200 : node.fn === 'divide' ? 3 : 1;
    case 'constant':
    case 'tile':
      return 0;
    case 'index':
    case 'select':
    case 'cast':
    case 'reduce':
      return 1;
  }
}
