/** RNN (Elman's network, PyTorch's RNN): h' = activation(W_ih x + b_ih + W_hh h + b_hh), h = 0 at first. */
import { applyActivation } from './activationMath.ts';
import { defineLayer, type ParamSpecs } from './defineLayer.ts';
import { recurrentLayer, unroll, type Cell } from './recurrence.ts';
import { recurrentParams } from './recurrentState.ts';

const cell = (activation: string): Cell => ({
  gates: 1,
  hasMemory: false,
  flopsPerUnit: 3,
  step: (b, { input, recurrent, name }) => ({ hidden: applyActivation(b, name(b.add(input, recurrent), 'preActivation'), activation) }),
});

const { units, ...others } = recurrentParams;

const params = {
  units,
  activation: {
    kind: 'choice',
    label: 'Activation',
    doc: 'Applied to every unit at every step.',
    default: 'tanh',
    options: [
      { value: 'tanh', label: 'Tanh', doc: 'Squashes to −1…1; the usual choice.' },
      { value: 'relu', label: 'ReLU', doc: 'Cuts negative values to 0; fades less, explodes sooner.' },
    ],
  },
  ...others,
} as const satisfies ParamSpecs;

export const rnn = defineLayer<typeof params>({
  type: 'rnn',
  version: 1,
  title: 'RNN',
  family: 'recurrent',
  keywords: ['recurrent', 'elman', 'vanilla', 'sequence', 'time', 'text', 'bidirectional', 'stacked'],
  doc: {
    summary:
      'The plain recurrent layer: at every step it mixes what arrives with what it showed at the step before. Simple to understand, but its gradients fade or explode over many steps; LSTM and GRU mend that. A second input, if connected, is the state to start from.',
    source: 'Elman 1990, Finding structure in time; formula as torch.nn.RNN',
  },
  params,
  ...recurrentLayer(cell('tanh')),
  lower: (context) => unroll(context, cell(context.params.activation)),
});
