/** The choice of start values that Dense and convolutions offer. */
import type { Initialiser, ParamSpec } from './defineLayer.ts';

export const initialiserParam = {
  kind: 'choice',
  label: 'Initial weights',
  default: 'default',
  doc: 'How the weights start. With any choice but the default the biases start at 0.',
  options: [
    {
      value: 'default',
      label: 'Default',
      doc: 'Uniform in ±1/√inputs for weights and biases, as PyTorch does (Kaiming uniform with a = √5).',
    },
    { value: 'xavierUniform', label: 'Xavier uniform', doc: 'Suits sigmoid, tanh and softmax (Glorot 2010).' },
    { value: 'xavierNormal', label: 'Xavier normal', doc: 'Suits sigmoid, tanh and softmax (Glorot 2010).' },
    { value: 'heUniform', label: 'He uniform', doc: 'Suits ReLU and its relatives (He 2015).' },
    { value: 'heNormal', label: 'He normal', doc: 'Suits ReLU and its relatives (He 2015).' },
    { value: 'normal', label: 'Normal 0.02', doc: 'Normal with deviation 0.02, as in GPT-2.' },
    { value: 'zeros', label: 'Zeros', doc: 'Every unit starts equal and stays equal: only for showing why that fails.' },
  ],
} as const satisfies ParamSpec;

/**
 * @param fanIn numbers each output sums up
 * @param fanOut outputs each input number goes into
 */
export function startValues(choice: string, fanIn: number, fanOut: number): { weight: Initialiser; bias: Initialiser } {
  const weight = weightInitialiser(choice, fanIn, fanOut);
  return { weight, bias: choice === 'default' ? weight : { kind: 'zeros' } };
}

function weightInitialiser(choice: string, fanIn: number, fanOut: number): Initialiser {
  switch (choice) {
    case 'xavierUniform':
      return { kind: 'uniform', bound: Math.sqrt(6 / (fanIn + fanOut)) };
    case 'xavierNormal':
      return { kind: 'normal', standardDeviation: Math.sqrt(2 / (fanIn + fanOut)) };
    case 'heUniform':
      return { kind: 'uniform', bound: Math.sqrt(6 / fanIn) };
    case 'heNormal':
      return { kind: 'normal', standardDeviation: Math.sqrt(2 / fanIn) };
    case 'normal':
      return { kind: 'normal', standardDeviation: 0.02 };
    case 'zeros':
      return { kind: 'zeros' };
    default:
      return { kind: 'uniform', bound: 1 / Math.sqrt(fanIn) };
  }
}
