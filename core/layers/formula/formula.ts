/** A formula with its names resolved: what the layer checks, counts and lowers. */
import type { Builder, Value } from '../../program/builder.ts';
import { constants, functions, nearestName } from './functions.ts';
import { FormulaError, parseFormula, type BinaryOperator, type Expression, type FormulaMistake } from './parse.ts';

/** A learnable number and what it starts at. */
export interface Learnable {
  readonly name: string;
  readonly start: number;
}

export interface Formula {
  readonly expression: Expression;
  readonly learnables: readonly Learnable[];
}

export type FormulaProblem = FormulaMistake & {
  readonly where: 'expression' | 'learnables';
  /** A name nobody knows, and the known one that was probably meant. */
  readonly unknown?: string;
  readonly nearest?: string;
};

/** One input is x, several are a, b, c, ... */
export function inputNames(count: number): string[] {
  return count === 1 ? ['x'] : Array.from({ length: count }, (_, i) => String.fromCharCode(97 + i));
}

export function readFormula(text: string, learnableText: string, inputCount: number): Formula | FormulaProblem {
  const inputs = inputNames(inputCount);
  const learnables = readLearnables(learnableText, inputs);
  if ('at' in learnables) return learnables;
  try {
    const expression = parseFormula(text);
    return (
      checkNames(expression, new Set([...inputs, ...constants.keys(), ...learnables.list.map(({ name }) => name)])) ?? {
        expression,
        learnables: learnables.list,
      }
    );
  } catch (error) {
    if (error instanceof FormulaError) return { ...error.mistake, where: 'expression' };
    throw error;
  }
}

/** `beta = 1.702, k = -0.5` */
function readLearnables(text: string, inputs: readonly string[]): { readonly list: Learnable[] } | FormulaProblem {
  const list: Learnable[] = [];
  let at = 0;
  for (const part of text.split(',')) {
    const match = /^\s*([\p{L}_][\p{L}\p{N}_]*)\s*=\s*([-+−]?\s*[\d.]+(?:[eE][-+]?\d+)?)\s*$/u.exec(part);
    const name = match?.[1] ?? '';
    const start = Number(match?.[2]?.replace('−', '-').replaceAll(/\s/g, ''));
    const refuse = (message: string): FormulaProblem => ({ at, message, where: 'learnables' });
    if (part.trim() !== '' || list.length > 0) {
      if (match === null || !Number.isFinite(start)) return refuse(`"${part.trim()}" should read like beta = 1.5`);
      if (inputs.includes(name)) return refuse(`"${name}" is an input`);
      if (functions.has(name) || constants.has(name)) return refuse(`"${name}" is taken by a function or constant`);
      if (list.some((other) => other.name === name)) return refuse(`"${name}" stands there twice`);
      list.push({ name, start });
    }
    at += part.length + 1;
  }
  return { list };
}

/** The first name nobody knows, or function with a wrong number of operands. */
function checkNames(expression: Expression, known: ReadonlySet<string>): FormulaProblem | undefined {
  const { at } = expression;
  switch (expression.kind) {
    case 'number':
      return undefined;
    case 'name': {
      const { name } = expression;
      if (known.has(name)) return undefined;
      if (functions.has(name)) return { at, where: 'expression', message: `the function ${name} needs its operand in brackets` };
      const nearest = nearestName(name, known);
      return { at, where: 'expression', message: `"${name}" is unknown`, unknown: name, ...(nearest === undefined ? {} : { nearest }) };
    }
    case 'negate':
      return checkNames(expression.operand, known);
    case 'binary':
      return checkNames(expression.left, known) ?? checkNames(expression.right, known);
    case 'call': {
      const { name, operands } = expression;
      const definition = functions.get(name);
      if (definition === undefined) {
        const nearest = nearestName(name, functions.keys());
        return { at, where: 'expression', message: `there is no function "${name}"`, ...(nearest === undefined ? {} : { nearest }) };
      }
      if (operands.length !== definition.operands) {
        const wanted = `${definition.operands} operand${definition.operands === 1 ? '' : 's'}`;
        return { at, where: 'expression', message: `${name} takes ${wanted}, got ${operands.length}` };
      }
      return operands.map((operand) => checkNames(operand, known)).find((problem) => problem !== undefined);
    }
    default:
      return expression satisfies never;
  }
}

/** Operations of the formula for each value of its result. */
export function countOperations(expression: Expression): number {
  switch (expression.kind) {
    case 'number':
    case 'name':
      return 0;
    case 'negate':
      return 1 + countOperations(expression.operand);
    case 'binary':
      return 1 + countOperations(expression.left) + countOperations(expression.right);
    case 'call':
      return expression.operands.reduce((sum, operand) => sum + countOperations(operand), 1);
    default:
      return expression satisfies never;
  }
}

/** Names that checked formulas use, each with its value; all broadcast. */
export type Names = ReadonlyMap<string, Value>;

/** A number as long as nothing but numbers is involved. */
type Result = Value | number;

export function lowerFormula(b: Builder, expression: Expression, names: Names): Result {
  const lower = (inner: Expression) => lowerFormula(b, inner, names);
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'name':
      return names.get(expression.name) ?? constants.get(expression.name) ?? NaN;
    case 'negate': {
      const operand = lower(expression.operand);
      return typeof operand === 'number' ? -operand : b.unary('negate', operand);
    }
    case 'binary': {
      const [left, right] = [lower(expression.left), lower(expression.right)];
      return typeof left === 'number' && typeof right === 'number'
        ? calculate(expression.operator, left, right)
        : combine(b, expression.operator, left, right);
    }
    case 'call': {
      const values = expression.operands.map(lower).map((operand) => (typeof operand === 'number' ? b.constant(operand) : operand));
      return functions.get(expression.name)?.apply(b, ...values) ?? NaN;
    }
    default:
      return expression satisfies never;
  }
}

function calculate(operator: BinaryOperator, x: number, y: number): number {
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      return x / y;
    case '^':
      return x ** y;
    case '<':
      return Number(x < y);
    case '<=':
      return Number(x <= y);
    case '>':
      return Number(x > y);
    case '>=':
      return Number(x >= y);
    case '==':
      return Number(x === y);
    case '!=':
      return Number(x !== y);
    default:
      return operator satisfies never;
  }
}

function combine(b: Builder, operator: BinaryOperator, x: Result, y: Result): Value {
  switch (operator) {
    case '+':
      return b.add(x, y);
    case '-':
      return b.subtract(x, y);
    case '*':
      return b.multiply(x, y);
    case '/':
      return b.divide(x, y);
    case '^':
      return typeof y === 'number' && typeof x !== 'number' ? powerOf(b, x, y) : b.binary('power', x, y);
    case '<':
      return b.binary('less', x, y);
    case '<=':
      return b.binary('lessEqual', x, y);
    case '>':
      return b.binary('less', y, x);
    case '>=':
      return b.binary('lessEqual', y, x);
    case '==':
      return b.binary('equal', x, y);
    case '!=':
      return b.subtract(1, b.binary('equal', x, y));
    default:
      return operator satisfies never;
  }
}

const largestProduct = 16;

/** Small whole powers as products: exact for negative x, and cheaper than a logarithm. */
function powerOf(b: Builder, x: Value, exponent: number): Value {
  if (exponent === 0.5) return b.unary('sqrt', x);
  if (!Number.isInteger(exponent) || Math.abs(exponent) > largestProduct) return b.binary('power', x, exponent);
  if (exponent === 0) return b.constant(1, x.shape);
  let [power, square]: [Value | undefined, Value] = [undefined, x];
  for (let rest = Math.abs(exponent); ; square = b.unary('square', square)) {
    if (rest % 2 === 1) power = power === undefined ? square : b.multiply(power, square);
    rest = Math.floor(rest / 2);
    if (rest === 0) break;
  }
  return exponent < 0 ? b.unary('reciprocal', power ?? x) : (power ?? x);
}
