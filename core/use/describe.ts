/** What can be done with a run, told from its task, its network and its data. */
import type { UseAbilities } from './answers.ts';
import { canDraw } from './draw.ts';
import { createItemReader, type ItemReader } from './items.ts';
import { pairOf } from './text.ts';
import { textBetween } from '../data/text.ts';
import { columnOf } from '../data/inputs.ts';
import { className } from '../tasks/diffusion.ts';
import type { Trained } from './trained.ts';

const exampleCount = 24;
const translationCount = 8;
const promptLength = 80;

export function describeAbilities(trained: Trained, reader: ItemReader = createItemReader(trained)): UseAbilities {
  const { config, data, dataSet } = trained;
  const { task } = config;
  const examplesPart = (['test', 'validation', 'train'] as const).find((part) => data.parts[part].length > 0) ?? 'train';
  const examples = [...data.parts[examplesPart].subarray(0, exampleCount)];
  const common = { task: task.type, examples, examplesPart };
  const { classNames, unit } = data.target.role;
  const predict = (answer: NonNullable<UseAbilities['predict']>['answer']): UseAbilities => ({
    ...common,
    predict: {
      answer,
      fields: reader.fields,
      ...(reader.image === undefined ? {} : { image: reader.image }),
      typed: reader.typed,
      ...(classNames === undefined ? {} : { classNames }),
      ...(unit === undefined ? {} : { unit }),
    },
  });
  switch (task.type) {
    case 'classification':
      return predict('classes');
    case 'multiLabel':
      return predict('labels');
    case 'regression':
      return predict('number');
    case 'sequenceLabelling':
      return predict('steps');
    case 'autoencoding':
      return { ...predict('values'), ...(canDraw(trained) ? { sample: { ...imageOf(trained), samplers: [] } } : {}) };
    case 'nextToken': {
      const column = columnOf(dataSet, config.preparation.target);
      const from = examples[0] ?? 0;
      const prompt = column.type === 'category' ? textBetween(column, from, from + promptLength) : '';
      return { ...common, generate: { window: task.steps, alphabet: classNames ?? [], prompt } };
    }
    case 'sequenceToSequence': {
      const { source, target, readSteps } = pairOf(trained);
      const [reads, writes] = [columnOf(dataSet, source.name), columnOf(dataSet, target.name)];
      const text = (column: typeof reads, row: number): string => (column.type === 'text' ? (column.values[row] ?? '') : '');
      return {
        ...common,
        translate: {
          source: source.name,
          target: target.name,
          longest: readSteps - 1,
          alphabet: source.alphabet ?? '',
          examples: examples.slice(0, translationCount).map((row) => ({ row, source: text(reads, row), target: text(writes, row) })),
        },
      };
    }
    case 'forecasting':
      return {
        ...common,
        forecast: {
          column: config.preparation.target,
          ...(unit === undefined ? {} : { unit }),
          past: task.past,
          horizon: task.horizon,
          first: task.past,
          rowCount: dataSet.info.rowCount,
        },
      };
    case 'nodeClassification':
      return { ...common, nodes: { count: dataSet.info.rowCount, classNames: classNames ?? [] } };
    case 'adversarial':
      return { ...common, sample: { ...imageOf(trained), samplers: [] } };
    case 'diffusion': {
      const known = trained.inputs.find(({ role }) => role.name === className)?.role.classNames?.slice(0, -1);
      return {
        ...common,
        sample: {
          ...imageOf(trained),
          samplers: ['ddim', 'ddpm'],
          steps: task.steps,
          ...(known === undefined ? {} : { classNames: known }),
        },
      };
    }
    default:
      return task satisfies never;
  }
}

function imageOf({ dataSet }: Trained): { image?: readonly [number, number, number] } {
  const shape = dataSet.columns.find(({ type }) => type === 'image')?.info.imageShape;
  return shape === undefined ? {} : { image: shape };
}
