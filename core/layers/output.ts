/**
 * Output: where the predictions leave and the loss looks. It has no weights: the target role fixes how many units
 * must arrive (one per class, or 1 for a number).
 */
import type { DataRole } from '../data/dataSet.ts';
import { formatShape, sampleSize, type Shape } from '../graph/shape.ts';
import { tasks } from '../tasks/index.ts';
import { defineLayer, type ShapeProblem } from './defineLayer.ts';

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
    if (role.task !== undefined && tasks[role.task].answer === 'values') return valuesShape(arriving, role, name, inputNames[0] ?? '?');
    const units = unitsOf(role.shape);
    const steps = role.shape.length === 3 ? role.shape[1]?.size : undefined;
    const each = role.shape[1]?.name === 'N' ? 'nodes' : 'time steps';
    if (steps !== undefined && (arriving.length !== 3 || arriving[1]?.size !== steps)) {
      return {
        code: 'output.rank',
        message: `${name} expects ${units} units for each of ${steps} ${each} for "${role.name}", got ${formatShape(arriving)} from ${inputNames[0]}.`,
        hint: each === 'nodes' ? 'Let every layer before it keep all nodes.' : 'Let every layer before it keep the whole sequence.',
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
      const reason = reasonFor(role, units);
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
    const units = unitsOf(role.shape);
    const each = role.shape.length !== 3 ? '' : role.shape[1]?.name === 'N' ? ' per node' : ' per step';
    switch (role.task === undefined ? 'classes' : tasks[role.task].answer) {
      case 'numbers':
        return `${role.name}${role.unit === undefined ? '' : ` in ${role.unit}`} · ${units === 1 ? '1 number' : `${units} numbers`}`;
      case 'labels':
        return `${units} labels, yes or no`;
      case 'values':
      case 'verdicts':
        return role.description;
      default:
        return `${units} classes${each} · cross-entropy`;
    }
  },
});

function reasonFor(role: DataRole, units: number): string {
  if (role.task === 'regression') return `"${role.name}" is one number`;
  if (role.task === 'forecasting') return `"${role.name}" is predicted ${units} ${units === 1 ? 'step' : 'steps'} ahead`;
  if (role.task === 'adversarial') return `"${role.name}" is one verdict`;
  return `"${role.name}" has ${units} ${role.task === 'multiLabel' ? 'labels' : 'classes'}`;
}

/** An image or features as they should be: as many numbers must arrive, in whatever shape. */
function valuesShape(arriving: Shape, role: DataRole, name: string, from: string): Shape | ShapeProblem {
  const [wanted, got] = [sampleSize(role.shape), sampleSize(arriving)];
  if (wanted === got) return arriving;
  return {
    code: 'output.values',
    message: `${name} expects ${formatShape(role.shape.slice(1))} values for "${role.name}", got ${formatShape(arriving)} from ${from}.`,
    hint: `Let the last layer give ${wanted} values.`,
  };
}

/** One per class, or 1 for a number. */
function unitsOf(shape: Shape): number {
  return shape.at(-1)?.size ?? 1;
}
