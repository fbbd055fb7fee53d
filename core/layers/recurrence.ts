/**
 * What RNN, GRU and LSTM share: parameters, shapes, weights and how they are unrolled, stacked and run in both directions.
 * Each of them is a `Cell`, one step of one layer. The inputs of all steps are projected in one contraction before; that the
 * gradient of W_hh is one contraction too follows from the rules of `gradients` (program/sumShares.ts).
 *
 * Names, order and start of the weights are PyTorch's: for every layer and direction W_ih, W_hh, b_ih, b_hh.
 */
import { batchDim, dim, type Shape } from '../graph/shape.ts';
import type { Builder, Value } from '../program/builder.ts';
import type { Initialiser, LayerContext, LayerDefinition, LowerContext, ShapeProblem, WeightSpec } from './defineLayer.ts';
import { dropValues } from './dropping.ts';
import { onlyShape, onlyValue, requireSequence } from './helpers.ts';
import { startValues } from './initialisers.ts';
import { layerInputs, rowCount, startProblem, type recurrentParams, type RecurrentParams } from './recurrentState.ts';

/** What a step hands to the next, (B, units) each. */
export interface CellState {
  readonly hidden: Value;
  /** Absent where it is 0. */
  readonly memory?: Value | undefined;
}

export interface CellInput {
  /** W_ih x + b_ih, and of b_hh what is added to it anyway: (B, gates · units). */
  readonly input: Value;
  /** W_hh h: (B, gates · units). */
  readonly recurrent: Value;
  /** b_hh of the gates that keep it apart: (B, units of these). */
  readonly apart: Value | undefined;
  readonly state: CellState;
  /** Says what a value of this step is called where it is explained. */
  readonly name: (x: Value, name: string) => Value;
}

/** One step of one layer. */
export interface Cell {
  /** Stacked in every weight. */
  readonly gates: number;
  /** Of these the last ones whose b_hh is not added to b_ih; default 0. */
  readonly gatesApart?: number;
  /** It hands on a memory besides the hidden state. */
  readonly hasMemory: boolean;
  /** Elementwise FLOPs of a step. */
  readonly flopsPerUnit: number;
  step(b: Builder, parts: CellInput): CellState;
}

/** Gate number `index` of (B, gates · units). */
export function gate(b: Builder, gates: Value, index: number, units: number): Value {
  return b.slice(gates, 1, index * units, units);
}

/** All of the definition that the cell decides. */
export function recurrentLayer(cell: Cell) {
  return {
    inputCount: { min: 1, max: 2 },
    hasOutput: true,
    inferShape(context: LayerContext<RecurrentParams>): Shape | ShapeProblem {
      const problem = requireSequence(context) ?? startProblem(context, cell.hasMemory);
      return problem ?? outputShape(context, cell);
    },
    weights: (context: LayerContext<RecurrentParams>) => recurrentWeights(context, cell),
    lower: (context: LowerContext<RecurrentParams>) => unroll(context, cell),
    describe: ({ params, inputs }: LayerContext<RecurrentParams>) => describeRecurrent(params, inputs.length > 1),
    flops({ params, inputs }: LayerContext<RecurrentParams>) {
      const { units } = params;
      const [, steps = 1, features = 1] = onlyShape(inputs).map((d) => d.size ?? 1);
      const perStep = layerInputs(params, features).map((size) => units * (2 * cell.gates * (size + units) + cell.flopsPerUnit));
      return steps * perStep.reduce((sum, flops) => sum + flops, 0);
    },
  } satisfies Partial<LayerDefinition<typeof recurrentParams>>;
}

function outputShape({ params, inputs }: LayerContext<RecurrentParams>, cell: Cell): Shape {
  const width = params.units * (params.bidirectional ? 2 : 1);
  if (params.returns === 'sequence') return [...onlyShape(inputs).slice(0, 2), dim('F', width)];
  return [batchDim, dim('F', params.returns === 'state' ? rowCount(params, cell.hasMemory) * params.units : width)];
}

function describeRecurrent({ units, layers, bidirectional, returns }: RecurrentParams, continues: boolean): string {
  const parts = [`${units} ${units === 1 ? 'unit' : 'units'}`];
  if (layers > 1) parts.push(`${layers} layers`);
  if (bidirectional) parts.push('both directions');
  if (continues) parts.push('from a state');
  parts.push(returns === 'last' ? 'last state' : returns === 'state' ? 'whole state' : 'sequence');
  return parts.join(' · ');
}

/** `weightIh` of the first layer, `weightIh2` of the second; `weightIhReverse` and `weightIh2Reverse` from last to first. */
const weightName = (name: string, layer: number, reverse: boolean): string =>
  `${name}${layer === 0 ? '' : layer + 1}${reverse ? 'Reverse' : ''}`;

const directions = ({ bidirectional }: RecurrentParams): readonly boolean[] => (bidirectional ? [false, true] : [false]);

function recurrentWeights({ params, inputs }: LayerContext<RecurrentParams>, { gates }: Cell): WeightSpec[] {
  const { units, bias, initialiser: choice } = params;
  // PyTorch starts weights and biases alike, by the units instead of the inputs.
  const own: Initialiser = { kind: 'uniform', bound: 1 / Math.sqrt(units) };
  const start = (inputsEach: number) => startValues(choice, inputsEach, gates * units, own);
  const sides = directions(params);
  return layerInputs(params, onlyShape(inputs)[2]?.size ?? 1).flatMap((size, i) => {
    const named = (name: string) => weightName(name, Math.floor(i / sides.length), sides[i % sides.length] ?? false);
    const weights: WeightSpec[] = [
      { name: named('weightIh'), shape: [gates * units, size], initialiser: start(size).weight },
      { name: named('weightHh'), shape: [gates * units, units], initialiser: start(units).weight },
    ];
    const initialiser = choice === 'default' ? own : start(units).bias;
    const biases = ['biasIh', 'biasHh'].map((name) => ({ name: named(name), shape: [gates * units], initialiser }));
    return bias ? [...weights, ...biases] : weights;
  });
}

/** Runs a cell over a sequence, as the layer's `lower`. */
export function unroll({ b, params, values, weights, mode }: LowerContext<RecurrentParams>, cell: Cell): Value {
  const { layers, returns, dropout } = params;
  const sides = directions(params);
  const finals: CellState[] = [];
  let read = onlyValue(values); // (B, T, F), behind the first layer (T, B, F)
  for (let layer = 0; layer < layers; layer++) {
    const isFirst = layer === 0;
    const isTop = layer === layers - 1;
    const input = isFirst ? read : dropValues(b, read, dropout, mode);
    const runs = sides.map((reverse, side) => {
      const [weightIh, weightHh, biasIh, biasHh] = ['weightIh', 'weightHh', 'biasIh', 'biasHh'].map(
        (name) => weights[weightName(name, layer, reverse)],
      );
      if (weightIh === undefined || weightHh === undefined) throw new Error('A recurrent layer was lowered without its weights.');
      const state = startState(b, values, params, layer * sides.length + side, cell);
      const sums = b.contract(isFirst ? 'bti,oi->tbo' : 'tbi,oi->tbo', input, weightIh); // a step is one dense stretch
      const suffix = weightName('', layer, reverse);
      return runSteps(b, cell, { sums, weightHh, biasIh, biasHh, state, reverse, suffix });
    });
    finals.push(...runs.map(({ last }) => last));
    if (isTop && returns !== 'sequence') break;
    read = b.concat(
      runs.map(({ states }) => b.concat(states, 0)),
      2,
    ); // (T, B, units of both directions)
  }
  if (returns === 'sequence') return b.transpose(read, [1, 0, 2]);
  const kept = returns === 'state' ? finals : finals.slice(-sides.length);
  const memories = returns === 'state' && cell.hasMemory ? kept.flatMap(({ memory }) => memory ?? []) : [];
  return b.concat([...kept.map(({ hidden }) => hidden), ...memories], 1);
}

/** Rows of the second input for one layer and direction; zeros where nothing arrives. */
function startState(b: Builder, [x, start]: readonly Value[], params: RecurrentParams, index: number, cell: Cell): CellState {
  const { units } = params;
  if (start === undefined) return { hidden: b.constant(0, [x?.shape[0] ?? 1, units]) };
  const part = (row: number) => b.slice(start, 1, row * units, units);
  const hiddenRows = rowCount(params, false);
  const hasMemory = cell.hasMemory && start.shape[1] === 2 * hiddenRows * units;
  return { hidden: part(index), ...(hasMemory ? { memory: part(hiddenRows + index) } : {}) };
}

interface Run {
  /** W_ih x of all steps, (T, B, gates · units). */
  readonly sums: Value;
  readonly weightHh: Value;
  readonly biasIh: Value | undefined;
  readonly biasHh: Value | undefined;
  readonly state: CellState;
  /** From the last step to the first. */
  readonly reverse: boolean;
  /** Behind the names of its values, as behind those of its weights. */
  readonly suffix: string;
}

/** @returns the hidden states in the order of time, (1, B, units) each, and the state after the last step that was read */
function runSteps(b: Builder, cell: Cell, run: Run): { states: Value[]; last: CellState } {
  const { sums, weightHh, biasIh, biasHh, reverse, suffix } = run;
  const [steps = 1, batch = 1, rows = 1] = sums.shape;
  const units = rows / cell.gates;
  const rowsApart = (cell.gatesApart ?? 0) * units;
  const hasBias = biasIh !== undefined && biasHh !== undefined;
  const projected = hasBias ? b.add(sums, b.add(biasIh, withoutLast(b, biasHh, rowsApart))) : sums;
  // Once for all steps and cut by step, so that its gradient is one sum instead of one for every step.
  const apart =
    hasBias && rowsApart > 0 ? b.broadcastTo(b.slice(biasHh, 0, rows - rowsApart, rowsApart), [steps, batch, rowsApart]) : undefined;
  const at = (all: Value, t: number) => b.reshape(b.slice(all, 0, t, 1), [batch, all.shape[2] ?? 1]);
  const states: Value[] = [];
  let state = run.state;
  for (let i = 0; i < steps; i++) {
    const t = reverse ? steps - 1 - i : i;
    const input = at(projected, t);
    const recurrent = b.contract('bi,oi->bo', state.hidden, weightHh);
    const name = (x: Value, called: string) => b.name(x, `${called}${suffix}`, t);
    state = cell.step(b, { input, recurrent, apart: apart === undefined ? undefined : at(apart, t), state, name });
    name(state.hidden, 'hidden');
    states.push(b.reshape(state.hidden, [1, batch, units]));
  }
  return { states: reverse ? states.reverse() : states, last: state };
}

/** The vector with zeros in place of its last numbers. */
function withoutLast(b: Builder, x: Value, count: number): Value {
  const rest = (x.shape[0] ?? 0) - count;
  return count === 0 ? x : b.concat([b.slice(x, 0, 0, rest), b.constant(0, [count])], 0);
}
