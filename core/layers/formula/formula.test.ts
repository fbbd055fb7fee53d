import { describe, expect, it } from 'vitest';
import { inferShapes } from '../../graph/inferShapes.ts';
import { chain } from '../../graph/starterNetwork.ts';
import type { ParamValues } from '../../graph/document.ts';
import { checkLayer, readShape, type LayerCheck } from '../../testing/checkLayer.ts';
import { checkOp } from '../../testing/checkOp.ts';
import { findLayer, resolveParams } from '../index.ts';
import { lowerFormula } from './formula.ts';
import { functions } from './functions.ts';
import { parseFormula, type Expression } from './parse.ts';

/** With all brackets, so that the order of operations shows. */
function write(e: Expression): string {
  switch (e.kind) {
    case 'number':
      return String(e.value);
    case 'name':
      return e.name;
    case 'negate':
      return `(-${write(e.operand)})`;
    case 'binary':
      return `(${write(e.left)}${e.operator}${write(e.right)})`;
    case 'call':
      return `${e.name}(${e.operands.map(write).join(',')})`;
    default:
      return e satisfies never;
  }
}

it.each([
  ['1 + 2 * 3', '(1+(2*3))'],
  ['(1 + 2) * 3', '((1+2)*3)'],
  ['8 / 4 / 2 - 1 - 1', '((((8/4)/2)-1)-1)'],
  ['-x^2', '(-(x^2))'],
  ['2^3^2', '(2^(3^2))'],
  ['2^-x', '(2^(-x))'],
  ['x ** 2', '(x^2)'],
  ['--x', 'x'],
  ['2 × x − 3 ÷ y · z', '((2*x)-((3/y)*z))'],
  ['max(a, b + 1.5e-3)', 'max(a,(b+0.0015))'],
  ['a + b < c * .5', '((a+b)<(c*0.5))'],
  ['where(x >= 0, x, β1 * x)', 'where((x>=0),x,(β1*x))'],
])('reads %s', (text, expected) => expect(write(parseFormula(text))).toBe(expected));

it.each<LayerCheck>([
  { type: 'formula', inputs: ['F4'], shape: 'B × 4', fixtures: ['formula'] },
  {
    type: 'formula',
    params: { expression: 'x * sigmoid(beta * x) + shift', learnables: 'beta = 1.5, shift = -0.25' },
    inputs: ['C2 H2 W2'],
    shape: 'B × 2 × 2 × 2',
    fixtures: ['formula with learnable numbers'],
  },
  {
    type: 'formula',
    params: { expression: 'a * sigmoid(b) - b^3 / 4 + exp(-a^2) * c' },
    inputs: ['T2 F3', 'F3', 'F1'],
    shape: 'B × 2 × 3',
    fixtures: ['formula of two inputs'],
  },
  { type: 'formula', params: { expression: 'where(x > 0.5, x^2, 3 * x)' }, inputs: ['F3'], range: [0.6, 2], shape: 'B × 3' },
])('$params passes the battery', async (check) => {
  await checkLayer(check);
});

it('every function has values and gradients, off its kinks', async () => {
  for (const [name, { operands }] of functions) {
    const args = ['x', ...['y', '2'].slice(0, operands - 1)].join(', ');
    await checkOp({
      inputs: { x: { shape: [3], range: [0.2, 0.8] }, y: { shape: [1], range: [1, 1.9] } },
      build: (b, { x, y }) => {
        const result = lowerFormula(
          b,
          parseFormula(`${name}(${args}) + y`),
          new Map([
            ['x', x],
            ['y', y],
          ]),
        );
        if (typeof result === 'number') throw new Error(name);
        return result;
      },
    });
  }
});

it.each([
  ['x^5 - x^-2', [31.75, -243 - 1 / 9]],
  ['2^3^2 / 256 + pi * 0', [2, 2]],
  ['x^0 + (3 > 2) + (x != 2) * 10 + (1 == 1)', [3, 13]],
  ['e * 0 + clamp(x, -1, 1)', [1, -1]],
  ['(x <= -3) + (x >= 2) * 2 + (x < 0) * 4', [2, 5]],
])('computes %s', async (text, expected) => {
  const results = await checkOp({
    inputs: { x: { shape: [2], values: [2, -3] } },
    build(b, { x }) {
      const result = lowerFormula(b, parseFormula(text), new Map([['x', x]]));
      return typeof result === 'number' ? b.add(b.multiply(x, 0), result) : b.broadcastTo(result, [2]);
    },
    expectedGradients: text.startsWith('x^5') ? {} : { x: [0, 0] },
    engines: [],
  });
  expected.forEach((value, i) => expect(results.output[i]).toBeCloseTo(value, 9));
});

describe('mistakes are named with their place', () => {
  const cases: readonly (readonly [ParamValues, string, string | undefined, string | undefined])[] = [
    [{ expression: '' }, 'the formula is empty, at character 1 of the formula "".', undefined, undefined],
    [{ expression: 'x +' }, 'a value is missing after "+", at character 4 of the formula "x +".', undefined, undefined],
    [
      { expression: 'x + * 2' },
      'a value is missing after "+", there is "*", at character 5 of the formula "x + * 2".',
      undefined,
      undefined,
    ],
    [{ expression: '* x' }, 'it begins with "*", at character 1 of the formula "* x".', undefined, undefined],
    [{ expression: 'exp(x' }, 'this bracket is never closed, at character 4 of the formula "exp(x".', undefined, undefined],
    [{ expression: 'x)' }, 'there is a ")" too many, at character 2 of the formula "x)".', undefined, undefined],
    [{ expression: '2 x' }, 'an operator is missing before "x", at character 3 of the formula "2 x".', undefined, undefined],
    [{ expression: 'x ; 1' }, '";" has no meaning in a formula, at character 3 of the formula "x ; 1".', undefined, undefined],
    [
      { expression: 'x * sigmod(x)' },
      'there is no function "sigmod", at character 5 of the formula "x * sigmod(x)".',
      'expression',
      'x * sigmoid(x)',
    ],
    [{ expression: 'max(x)' }, 'max takes 2 operands, got 1, at character 1 of the formula "max(x)".', undefined, undefined],
    [
      { expression: 'tanh * x' },
      'the function tanh needs its operand in brackets, at character 1 of the formula "tanh * x".',
      undefined,
      undefined,
    ],
    [{ expression: 'x * beta' }, '"beta" is unknown, at character 5 of the formula "x * beta".', 'learnables', 'beta = 1'],
    [{ expression: 'a + 1' }, '"a" is unknown, at character 1 of the formula "a + 1".', 'expression', 'x + 1'],
    [{ learnables: 'k' }, '"k" should read like beta = 1.5, at character 1 of Learnable "k".', undefined, undefined],
    [{ learnables: 'k = 1, x = 2' }, '"x" is an input, at character 7 of Learnable "k = 1, x = 2".', undefined, undefined],
    [{ learnables: 'k = 1, k = 2' }, '"k" stands there twice, at character 7 of Learnable "k = 1, k = 2".', undefined, undefined],
    [{ learnables: 'exp = 1' }, '"exp" is taken by a function or constant, at character 1 of Learnable "exp = 1".', undefined, undefined],
    [
      { expression: `${'('.repeat(80)}x` },
      `the formula is nested more than 60 deep, at character 61 of the formula "${'('.repeat(80)}x".`,
      undefined,
      undefined,
    ],
  ];
  it.each(cases)('%j', (params, message, param, value) => {
    const document = chain('small', [
      ['input', { shape: '4' }],
      ['formula', params],
    ]);
    const problem = inferShapes(document, null).problems[0];
    expect(problem?.message).toBe(`formula_1: ${message}`);
    expect(problem?.fixes?.[0]).toEqual(param === undefined ? undefined : expect.objectContaining({ kind: 'setParam', param, value }));
  });
});

it('never runs what it reads as code', () => {
  for (const expression of ['constructor', '__proto__', 'toString(x)', 'process.exit(1)', 'x => x', '`x`']) {
    const document = chain('small', [
      ['input', { shape: '4' }],
      ['formula', { expression }],
    ]);
    expect(inferShapes(document, null).problems[0]?.code).toBe('formula.expression');
  }
});

it('counts its learnable numbers and operations', () => {
  const definition = findLayer('formula');
  if (definition === undefined) throw new Error('formula');
  const params = resolveParams(definition, { expression: 'k * (x + 1)', learnables: 'k = 2' });
  const context = { params, inputs: [readShape('F5')], inputNames: ['x'], name: 'f' };
  expect(definition.weights(context)).toEqual([{ name: 'k', shape: [1], initialiser: { kind: 'constant', value: 2 } }]);
  expect(definition.flops?.(context)).toBe(10);
  expect(definition.describe(context)).toBe('k * (x + 1)');
});
