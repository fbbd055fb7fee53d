/**
 * A trained network as one JavaScript file without dependencies: weights, preparation, and the lowered forward pass for one
 * item as plain loops, of which only those stand in it that the network needs. The file computes what the engine computes.
 */
import { raise } from '../problem.ts';
import type { Op, OpName, Program } from '../program/program.ts';
import { outputSlot } from '../use/computation.ts';
import { predictProgram } from '../use/predict.ts';
import type { Trained } from '../use/trained.ts';
import { toBase64 } from './base64.ts';
import { describeModel, type ModelDescription } from './describeModel.ts';
import { binaryTexts, helperTexts, opTexts, unaryTexts } from './javascriptOps.ts';
import { interfaceText } from './javascriptInterface.ts';

export interface ExportOptions {
  /** Without the last line, for a page that loads it as a classic script. */
  readonly asScript?: boolean;
}

/** One step of the written program: op, attributes, inputs by number, shape and dtype of what it gives. */
type Step = readonly [op: string, attrs: object, inputs: readonly number[], shape: readonly number[], dtype: 'f32' | 'i32'];

/**
 * @param title what the file says of itself
 * @throws ProblemError where the task has no forward pass of one item
 */
export function exportJavaScript(trained: Trained, title: string, { asScript = false }: ExportOptions = {}): string {
  const description = describeModel(trained);
  const program = predictProgram(trained, 1, undefined);
  const { steps, weights, output } = writeSteps(program, trained.weights);
  return [
    `/**\n * ${oneLine(title)}: a neural network trained with Layerbench, without dependencies.\n * ${usageOf(description)}\n * As a module: import { predict } from './this-file.js'. In a classic script, leave the last line out and use layerbenchModel.predict.\n */`,
    'const layerbenchModel = (() => {',
    `'use strict';`,
    `const model = ${JSON.stringify({ title, ...description }, null, 2)};`,
    `/** All weights one behind the other, 32-bit floats in base64. */\nconst weights = decode('${toBase64(weights)}');`,
    `/** Op, attributes, inputs (by line), shape and type of the result. */\nconst program = [\n${steps.map((step) => `  ${literal(step)},`).join('\n')}\n];`,
    `const output = ${output};`,
    helperTexts,
    opsText(program),
    runnerText,
    interfaceText(description),
    'return { model, compute, predict };',
    '})();',
    ...(asScript ? [] : ['export const { model, compute, predict } = layerbenchModel;']),
    '',
  ].join('\n\n');
}

/** What the answer depends on, renumbered from 0; weights stand behind one another in one array. */
function writeSteps(program: Program, slots: Trained['weights']): { steps: Step[]; weights: Uint8Array; output: number } {
  const answer = program.assignments.find(({ slot }) => slot === outputSlot);
  if (answer === undefined) throw new Error('The program assigns no output.');
  const needed = neededOps(program, answer.value);
  const numbers = new Map(needed.map((op, i) => [op.output, i]));
  const used: Float32Array[] = [];
  let start = 0;
  const steps = needed.map((op): Step => {
    const { shape, dtype } = program.values[op.output]!;
    if (dtype === 'u8') throw new Error(`An exported program computes in f32 and i32, "${op.op}" gives u8.`);
    const inputs = op.inputs.map((id) => numbers.get(id)!);
    if (op.op !== 'slot') return [op.op, op.attrs, inputs, shape, dtype];
    const values = slots[op.attrs.slot];
    if (values === undefined) return ['input', { role: op.attrs.slot.replace(/^input\//, '') }, [], shape, dtype];
    used.push(Float32Array.from(values));
    const from = start;
    start += values.length;
    return ['weight', { start: from }, [], shape, dtype];
  });
  const all = new Float32Array(start);
  let at = 0;
  for (const values of used) {
    all.set(values, at);
    at += values.length;
  }
  return { steps, weights: new Uint8Array(all.buffer), output: numbers.get(answer.value)! };
}

function neededOps(program: Program, answer: number): Op[] {
  const needed = new Set([answer]);
  for (const op of program.ops.toReversed()) {
    if (!needed.has(op.output)) continue;
    if (op.op === 'random' || op.op === 'rows' || op.op === 'scalar') {
      raise({
        code: 'export.random',
        message: `The network cannot be written as JavaScript: its forward pass uses ${op.op === 'random' ? 'random numbers' : 'values that training gives it'}.`,
        hint: 'Use the run in Layerbench.',
      });
    }
    for (const id of op.inputs) needed.add(id);
  }
  return program.ops.filter((op) => needed.has(op.output));
}

/** Only what the program uses. */
function opsText(program: Program): string {
  const used = new Set(program.ops.map(({ op }) => op));
  const unary = new Set(program.ops.flatMap((op) => (op.op === 'unary' ? [op.attrs.fn] : [])));
  const binary = new Set(program.ops.flatMap((op) => (op.op === 'binary' ? [op.attrs.fn] : [])));
  const table = (name: string, entries: readonly (readonly [string, string])[]): string =>
    entries.length === 0 ? '' : `const ${name} = {\n${entries.map(([key, text]) => `  ${key}: ${text},`).join('\n')}\n};\n\n`;
  const own = Object.entries(opTexts).filter(([name]) => used.has(name as OpName));
  return [
    table(
      'unaryFunctions',
      Object.entries(unaryTexts).filter(([fn]) => unary.has(fn as never)),
    ),
    table(
      'binaryFunctions',
      Object.entries(binaryTexts).filter(([fn]) => binary.has(fn as never)),
    ),
    '/** Each prepares one step of the program; what it returns is run for every prediction. */\n',
    table('ops', own),
  ]
    .join('')
    .trimEnd();
}

const runnerText = `
function decode(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

/** Where every step's numbers stand, and what has to be run for a prediction. */
const inputs = new Map();
const values = [];
const steps = [];
for (const [op, attrs, from, shape, dtype] of program) {
  const size = count(shape);
  const value = { shape, data: undefined };
  if (op === 'weight') value.data = weights.subarray(attrs.start, attrs.start + size);
  else value.data = dtype === 'i32' ? new Int32Array(size) : new Float32Array(size);
  if (op === 'input') inputs.set(attrs.role, value.data);
  if (op !== 'weight' && op !== 'input') {
    const step = ops[op](attrs, from.map((i) => values[i]), value);
    if (op === 'constant' || op === 'iota') step();
    else if (step !== undefined) steps.push(step);
  }
  values.push(value);
}

/** The forward pass: numbers by input as the network reads them, to the numbers it answers. */
function compute(given) {
  for (const [role, data] of inputs) {
    if (given[role] === undefined || given[role].length !== data.length) {
      throw new Error('Input "' + role + '": expected ' + data.length + ' numbers, got ' + (given[role] === undefined ? 'nothing' : given[role].length) + '.');
    }
    data.set(given[role]);
  }
  for (const step of steps) step();
  return Float32Array.from(values[output].data);
}
`.trim();

function usageOf({ usage }: ModelDescription): string {
  return oneLine(usage);
}

/** As JSON, with the numbers it lacks: masks are −∞. */
function literal(value: unknown): string {
  const marked = JSON.stringify(value, (_, part: unknown) => (typeof part === 'number' && !Number.isFinite(part) ? `@${part}@` : part));
  return marked.replace(/"@(-?Infinity|NaN)@"/g, '$1');
}

/** Nothing a name contains may end the comment. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('*/', '* /');
}
