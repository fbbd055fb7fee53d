/** The choice of start values that every layer with weights offers; what each choice is stands in core/initialisers. */
import { initialisers, isInitialiserName } from '../initialisers/index.ts';
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
      doc: 'As PyTorch starts this layer; most are uniform in ±1/√inputs, weights and biases (Kaiming uniform with a = √5).',
    },
    ...Object.entries(initialisers).map(([value, { title, doc }]) => ({ value, label: title, doc })),
  ],
} as const satisfies ParamSpec;

/**
 * @param fanIn numbers each output sums up
 * @param fanOut outputs each input number goes into
 * @param own PyTorch's default for this layer, where it is not uniform in ±1/√inputs; its biases then start at 0
 */
export function startValues(choice: string, fanIn: number, fanOut: number, own?: Initialiser): { weight: Initialiser; bias: Initialiser } {
  if (isInitialiserName(choice)) return { weight: initialisers[choice].start(fanIn, fanOut), bias: { kind: 'zeros' } };
  const usual: Initialiser = { kind: 'uniform', bound: 1 / Math.sqrt(fanIn) };
  return own === undefined ? { weight: usual, bias: usual } : { weight: own, bias: { kind: 'zeros' } };
}
