/**
 * Formula: a typed expression over the inputs (one is x, several are a, b, c, ...), value by value, with learnable numbers.
 * Read by our own grammar (formula/parse.ts); gradient and kernels follow from the ops as for every layer.
 */
import { sampleSize } from '../graph/shape.ts';
import { alignTo, inferJoint } from './broadcasting.ts';
import { defineLayer, isShapeProblem, type LayerContext, type ShapeProblem } from './defineLayer.ts';
import { countOperations, inputNames, lowerFormula, readFormula, type Formula, type FormulaProblem } from './formula/formula.ts';

/** Letters for inputs; further ones would run into names that people use. */
const mostInputs = 8;

interface Params {
  readonly expression: string;
  readonly learnables: string;
}

export const formula = defineLayer({
  type: 'formula',
  version: 1,
  title: 'Formula',
  family: 'dense',
  keywords: ['expression', 'custom', 'activation', 'lambda', 'function', 'own', 'math', 'swish'],
  doc: {
    summary:
      'Computes what you type, value by value: with one input it is x, with several they are a, b, c. Operators + − * / ^ and comparisons; functions such as exp, log, sqrt, tanh, sigmoid, relu, gelu, min, max, clamp and where(condition, yes, no). Names under Learnable are trained like weights. The gradient follows by itself.',
    source: 'Ramachandran, Zoph, Le 2017, Searching for activation functions, which tried thousands of such formulas',
  },
  params: {
    expression: {
      kind: 'text',
      label: 'Formula',
      doc: 'For example x * sigmoid(beta * x), or a * sigmoid(b) for two inputs.',
      default: 'x * sigmoid(1.702 * x)',
      placeholder: 'x * sigmoid(beta * x)',
    },
    learnables: {
      kind: 'text',
      label: 'Learnable',
      doc: 'Numbers that are trained, each with its start: beta = 1, k = 0.5.',
      default: '',
      placeholder: 'beta = 1',
    },
  },
  inputCount: { min: 1, max: mostInputs },
  hasOutput: true,
  inferShape(context) {
    const read = readOf(context);
    return 'where' in read ? problemOf(read, context) : inferJoint(context, 'formula.shapes');
  },
  weights(context) {
    const read = readOf(context);
    if ('where' in read) return [];
    return read.learnables.map(({ name, start }) => ({ name, shape: [1], initialiser: { kind: 'constant', value: start } }));
  },
  lower(context) {
    const { b, values, weights, inputs } = context;
    const read = readOf(context);
    const joint = inferJoint(context, 'formula.shapes');
    if ('where' in read || isShapeProblem(joint)) throw new Error('A formula with a mistake was lowered.');
    const names = new Map([
      ...inputNames(inputs.length).map((name, i) => [name, alignTo(b, values[i]!, joint)] as const),
      ...read.learnables.flatMap(({ name }) => (weights[name] === undefined ? [] : [[name, weights[name]] as const])),
    ]);
    const result = lowerFormula(b, read.expression, names);
    const shape = joint.map((d) => d.size ?? values[0]?.shape[0] ?? 1);
    return typeof result === 'number' ? b.constant(result, shape) : b.broadcastTo(result, shape);
  },
  describe: ({ params }) => (params.expression.length > 28 ? `${params.expression.slice(0, 27)}…` : params.expression),
  flops(context) {
    const read = readOf(context);
    const joint = inferJoint(context, 'formula.shapes');
    return 'where' in read || isShapeProblem(joint) ? 0 : countOperations(read.expression) * sampleSize(joint);
  },
});

function readOf({ params, inputs }: LayerContext<Params>): Formula | FormulaProblem {
  return readFormula(params.expression, params.learnables, Math.max(1, inputs.length));
}

/** What is wrong, at which character, and how it can be mended. */
function problemOf(mistake: FormulaProblem, { params, inputs, name }: LayerContext<Params>): ShapeProblem {
  const { at, message, where, unknown, nearest } = mistake;
  const text = params[where];
  const written = /^[\p{L}_][\p{L}\p{N}_]*/u.exec(text.slice(at))?.[0] ?? '';
  const names = inputNames(inputs.length);
  const fixes: NonNullable<ShapeProblem['fixes']> = [];
  const set = (param: string, label: string, value: string) => fixes.push({ kind: 'setParam', label, node: '', param, value });
  if (nearest !== undefined) set(where, `Write ${nearest}`, text.slice(0, at) + nearest + text.slice(at + written.length));
  // x where several inputs arrive, and a where one does.
  if (unknown === 'x') set(where, 'Write a, the first input', text.replaceAll(/\bx\b/g, 'a'));
  else if (unknown === 'a' && names[0] === 'x') set(where, 'Write x, the input', text.replaceAll(/\ba\b/g, 'x'));
  else if (unknown !== undefined) {
    const learnables = params.learnables.trim();
    set('learnables', `Learn ${unknown}, starting at 1`, `${learnables === '' ? '' : `${learnables}, `}${unknown} = 1`);
  }
  const known = `Known are ${names.join(', ')}, pi, e, the functions and what stands under Learnable.`;
  return {
    code: `formula.${where}`,
    message: `${name}: ${message}, at character ${at + 1} of ${where === 'expression' ? 'the formula' : 'Learnable'} "${text}".`,
    hint: nearest !== undefined ? `Did you mean ${nearest}?` : unknown !== undefined ? known : 'Correct it there.',
    ...(fixes.length > 0 ? { fixes } : {}),
  };
}
