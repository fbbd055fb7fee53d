/** Parameters of recurrent layers, and the row in which all their state leaves one layer and starts another. */
import { formatShape } from '../graph/shape.ts';
import type { LayerContext, ParamsOf, ParamSpecs, ShapeProblem } from './defineLayer.ts';
import { dropoutParam } from './dropping.ts';
import { initialiserParam } from './initialisers.ts';

const mostLayers = 8;

export const recurrentParams = {
  units: {
    kind: 'integer',
    label: 'Units',
    doc: 'Size of the hidden state, of an LSTM also of the memory; in each direction.',
    default: 128,
    min: 1,
    max: 65_536,
    step: 1,
  },
  layers: {
    kind: 'integer',
    label: 'Layers',
    doc: 'How many lie on top of one another: each reads the hidden states of the one below.',
    default: 1,
    min: 1,
    max: mostLayers,
    step: 1,
  },
  bidirectional: {
    kind: 'boolean',
    label: 'Both directions',
    doc: 'A second pass reads from the last step to the first; its states stand beside those of the first. Not for predicting what comes next.',
    default: false,
  },
  returns: {
    kind: 'choice',
    label: 'Returns',
    doc: 'What leaves the layer.',
    default: 'last',
    options: [
      {
        value: 'last',
        label: 'Last state',
        doc: 'The hidden state of the top layer after its last step: one row per sample, for a Dense that classifies.',
      },
      {
        value: 'sequence',
        label: 'Whole sequence',
        doc: 'The hidden state after every step, for a further recurrent layer or a prediction per step.',
      },
      {
        value: 'state',
        label: 'Whole state',
        doc: 'The last hidden states of all layers as one row, then the memories of an LSTM: what the second input of a decoder of the same size starts from.',
      },
    ],
  },
  dropout: {
    ...dropoutParam,
    doc: 'Share of the hidden states that is dropped on the way from one layer to the next, in training.',
    onlyWith: { param: 'layers', values: Array.from({ length: mostLayers - 1 }, (_, i) => i + 2) },
  },
  bias: { kind: 'boolean', label: 'Bias', doc: 'Adds learned numbers to every gate: two, as in PyTorch.', default: true },
  initialiser: initialiserParam,
} as const satisfies ParamSpecs;

export type RecurrentParams = ParamsOf<typeof recurrentParams>;

/** Rows of `units` numbers in the whole state: for every layer and direction the hidden state, then likewise the memories. */
export function rowCount({ layers, bidirectional }: RecurrentParams, withMemory: boolean): number {
  return layers * (bidirectional ? 2 : 1) * (withMemory ? 2 : 1);
}

/** Features that arrive at every layer and direction, in the order of the weights. */
export function layerInputs({ units, layers, bidirectional }: RecurrentParams, features: number): number[] {
  const sides = bidirectional ? 2 : 1;
  return Array.from({ length: layers * sides }, (_, i) => (i < sides ? features : sides * units));
}

/** What is wrong with the second input. */
export function startProblem(context: LayerContext<RecurrentParams>, hasMemory: boolean): ShapeProblem | undefined {
  const { params, inputs, inputNames, name } = context;
  const start = inputs[1];
  if (start === undefined) return undefined;
  const hidden = rowCount(params, false) * params.units;
  const isRow = start.length === 2 && start[1]?.name === 'F';
  if (isRow && (start[1]?.size === hidden || (hasMemory && start[1]?.size === 2 * hidden))) return undefined;
  const expected = hasMemory ? `B × ${2 * hidden}, or B × ${hidden} without the memory` : `B × ${hidden}`;
  return {
    code: 'recurrent.state',
    port: 1,
    message: `${name} starts from a state of ${expected}, got ${formatShape(start)} from ${inputNames[1]}.`,
    hint: `Let ${inputNames[1]} return its whole state with as many units and layers, or bring it to ${hidden} features with a Dense.`,
    ...(isRow
      ? {
          fixes: [
            {
              kind: 'insertAfter',
              label: `Insert a Dense with ${hidden} units before it`,
              edge: '',
              layer: 'dense',
              params: { units: hidden },
            },
          ],
        }
      : {}),
  };
}
