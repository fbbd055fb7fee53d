/** One node of a loop body as a WGSL expression of its inputs: f32, or i32 for i32 and u8. */
import type { LoopNode, NodeId } from '../../../plan/loopBody.ts';
import type { BinaryFn, DType, UnaryFn } from '../../../program/program.ts';
import { float, type HelperName } from './math.ts';

type Call = (name: HelperName) => string;

type UnaryText = (call: Call, x: string) => string;

const unary: { readonly [F in UnaryFn]: UnaryText } = {
  negate: (_call, x) => `-${x}`,
  abs: (_call, x) => `abs(${x})`,
  sign: (call, x) => `${call('signOf')}(${x})`,
  exp: (call, x) => `${call('exponential')}(${x})`,
  log: (call, x) => `${call('logarithm')}(${x})`,
  log1p: (call, x) => `${call('logarithm1p')}(${x})`,
  sqrt: (_call, x) => `sqrt(${x})`,
  rsqrt: (_call, x) => `inverseSqrt(${x})`,
  reciprocal: (_call, x) => `1f / ${x}`,
  square: (_call, x) => `${x} * ${x}`,
  tanh: (call, x) => `${call('hyperbolicTangent')}(${x})`,
  sigmoid: (call, x) => `${call('sigmoid')}(${x})`,
  erf: (call, x) => `${call('errorFunction')}(${x})`,
  sin: (call, x) => `${call('sine')}(${x}, 0u)`,
  cos: (call, x) => `${call('sine')}(${x}, 1u)`,
  floor: (_call, x) => `floor(${x})`,
  isFinite: (_call, x) => `select(0f, 1f, (bitcast<u32>(${x}) & 0x7fffffffu) < 0x7f800000u)`,
};

const comparisons = { equal: '==', less: '<', lessEqual: '<=' } as const;
const arithmetic = { add: '+', subtract: '-', multiply: '*' } as const;

/** Where the operands of a node stand. */
export interface Operands {
  /** Names a function of math.ts and sees to it that its text is there. */
  readonly call: Call;
  readonly nodeOf: (id: NodeId) => LoopNode;
  /** A name, or a literal. */
  readonly text: (id: NodeId) => string;
}

type Constant = Extract<LoopNode, { op: 'constant' }>;

/** Whether a constant may stand for itself in an expression. */
export function isLiteral(node: LoopNode): node is Constant {
  return node.op === 'constant' && Number.isFinite(Math.fround(Number(node.value))) && !Object.is(Math.fround(Number(node.value)), -0);
}

export function constantText(call: Call, { value, dtype }: Constant): string {
  const number = Number(value);
  if (dtype !== 'f32') return number === -(2 ** 31) ? 'i32(-2147483648)' : number < 0 ? `(${number}i)` : `${number}i`;
  const single = Math.fround(number);
  if (Number.isNaN(single)) return `${call('fromBits')}(0x7fc00000u)`;
  if (!Number.isFinite(single)) return `${call('fromBits')}(${single > 0 ? '0x7f800000u' : '0xff800000u'})`;
  if (Object.is(single, -0)) return `${call('fromBits')}(0x80000000u)`;
  return single < 0 ? `(${float(single)})` : float(single);
}

function comparison(fn: BinaryFn): string | undefined {
  return fn === 'equal' || fn === 'less' || fn === 'lessEqual' ? comparisons[fn] : undefined;
}

/** WGSL condition: of a comparison, or of a number that it is not 0, which NaN is not. */
export function conditionText({ nodeOf, text }: Operands, id: NodeId): string {
  const node = nodeOf(id);
  const sign = node.op === 'binary' ? comparison(node.fn) : undefined;
  if (node.op === 'binary' && sign !== undefined) return `${text(node.inputs[0])} ${sign} ${text(node.inputs[1])}`;
  return node.dtype === 'f32' ? `(bitcast<u32>(${text(id)}) & 0x7fffffffu) != 0u` : `${text(id)} != 0`;
}

function binaryText(operands: Operands, fn: BinaryFn, [a, b]: readonly [NodeId, NodeId]): string {
  const { call, nodeOf, text } = operands;
  const [x, y] = [text(a), text(b)];
  const isFloat = nodeOf(a).dtype === 'f32';
  switch (fn) {
    case 'equal':
    case 'less':
    case 'lessEqual':
      return `select(0f, 1f, ${x} ${comparisons[fn]} ${y})`;
    case 'maximum':
    case 'minimum': {
      const name = fn === 'maximum' ? 'max' : 'min';
      if (!isFloat) return `${name}(${x}, ${y})`;
      if (isLiteral(nodeOf(b))) return `select(${name}(${x}, ${y}), ${x}, ${call('isNan')}(${x}))`;
      if (isLiteral(nodeOf(a))) return `select(${name}(${x}, ${y}), ${y}, ${call('isNan')}(${y}))`;
      return `${call(fn === 'maximum' ? 'largest' : 'smallest')}(${x}, ${y})`;
    }
    case 'power':
      if (isFloat) return `${call('power')}(${x}, ${y})`;
      return `${call('truncated')}(${call('power')}(f32(${x}), f32(${y})))`;
    case 'divide':
      return isFloat ? `${x} / ${y}` : `${call('quotient')}(${x}, ${y})`;
    case 'add':
    case 'subtract':
    case 'multiply':
      return `${x} ${arithmetic[fn]} ${y}`;
    default:
      return fn satisfies never;
  }
}

function castText({ call, nodeOf, text }: Operands, id: NodeId, to: DType): string {
  const x = text(id);
  const from = nodeOf(id).dtype;
  if (to === 'f32') return from === 'f32' ? x : `f32(${x})`;
  const whole = from === 'f32' ? `${call('truncated')}(${x})` : x;
  return to === 'u8' && from !== 'u8' ? `${whole} & 255` : whole;
}

type Computed = Extract<LoopNode, { op: 'unary' | 'binary' | 'select' | 'cast' }>;

export function nodeText(operands: Operands, node: Computed): string {
  const { call, text } = operands;
  switch (node.op) {
    case 'unary':
      return unary[node.fn](call, text(node.inputs[0]));
    case 'binary':
      return binaryText(operands, node.fn, node.inputs);
    case 'select':
      return `select(${text(node.inputs[2])}, ${text(node.inputs[1])}, ${conditionText(operands, node.inputs[0])})`;
    case 'cast':
      return castText(operands, node.inputs[0], node.dtype);
    default:
      return node satisfies never;
  }
}
