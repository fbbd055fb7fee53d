/**
 * Output: where the predictions leave and the loss looks. It has no weights: the target role fixes how many units
 * must arrive (one per class, or 1 for a number).
 */
import { formatShape, type Shape } from '../graph/shape.ts';
import { defineLayer } from './defineLayer.ts';

export const output = defineLayer({
  type: 'output',
  version: 1,
  title: 'Output',
  family: 'output',
  keywords: ['target', 'loss', 'prediction', 'label'],
  doc: {
    summary:
      'Where the predictions leave the network. It names the column to predict; the task, the class names and the number of units that must arrive come from there. It has no weights of its own.',
    source: 'Goodfellow, Bengio, Courville: Deep Learning, 2016, section 6.2.2',
  },
  params: {
    role: { kind: 'role', roleKind: 'target', label: 'Predicts', doc: 'Which target of the data set is predicted here.', default: '' },
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: false,
  inferShape({ inputs, inputNames, role, name }) {
    const arriving = inputs[0] ?? [];
    if (role === undefined) return arriving;
    const units = unitsOf(role.shape);
    const steps = role.shape.length === 3 ? role.shape[1]?.size : undefined;
    if (steps !== undefined && (arriving.length !== 3 || arriving[1]?.size !== steps)) {
      return {
        code: 'output.rank',
        message: `${name} expects ${units} units for each of ${steps} time steps for "${role.name}", got ${formatShape(arriving)} from ${inputNames[0]}.`,
        hint: 'Let every layer before it keep the whole sequence.',
      };
    }
    if (steps === undefined && arriving.length !== 2) {
      return {
        code: 'output.rank',
        message: `${name} expects one row of ${units} ${units === 1 ? 'unit' : 'units'} per sample for "${role.name}", got ${formatShape(arriving)} from ${inputNames[0]}.`,
        hint: `Flatten the values before ${name}.`,
        fixes: [{ kind: 'insertAfter', label: `Insert Flatten before ${name}`, edge: '', layer: 'flatten', params: {} }],
      };
    }
    const got = arriving.at(-1)?.size ?? 0;
    if (got !== units) {
      const reason = role.task === 'regression' ? `"${role.name}" is one number` : `"${role.name}" has ${units} classes`;
      // Shape inference adds the fix: it knows the Dense that can be changed.
      return {
        code: 'output.units',
        message: `${name} expects ${units} ${units === 1 ? 'unit' : 'units'} because ${reason}, got ${got} from ${inputNames[0]}.`,
        hint: `Let the last Dense have ${units} ${units === 1 ? 'unit' : 'units'}.`,
      };
    }
    return arriving;
  },
  weights: () => [],
  lower({ values }) {
    const value = values[0];
    if (value === undefined) throw new Error('Output was lowered without an input.');
    return value;
  },
  describe({ role }) {
    if (role === undefined) return 'no data chosen';
    if (role.task === 'regression') return `${role.name}${role.unit === undefined ? '' : ` in ${role.unit}`} · 1 number`;
    return `${unitsOf(role.shape)} classes${role.shape.length === 3 ? ' per step' : ''} · cross-entropy`;
  },
});

/** One per class, or 1 for a number. */
function unitsOf(shape: Shape): number {
  return shape.at(-1)?.size ?? 1;
}
