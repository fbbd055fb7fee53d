/**
 * Diffusion: every image gets noise of a random strength, the network says which noise it was (ε-prediction). Asked again
 * and again, from much noise to little, it draws images.
 */
import type { ColumnInfo, DataRole, DataSetInfo } from '../data/dataSet.ts';
import { columnOf } from '../data/inputs.ts';
import type { PreparedRole } from '../data/prepared.ts';
import { batchDim, dim } from '../graph/shape.ts';
import type { Builder, Value } from '../program/builder.ts';
import { defineTask, type TaskSource } from './defineTask.ts';
import { pixelsRole, preparePixels } from './images.ts';
import { remainingSignal, type NoiseScheduleName } from './noiseSchedule.ts';
import { tableSlot } from './tables.ts';
import { codesOf } from './windows.ts';

export const noisyName = 'noisy image';
export const stepName = 'step';
export const className = 'class';
/** Table of ᾱ by step. */
export const signalTable = 'remaining signal';

interface Settings {
  readonly steps: number;
  readonly noise: string;
  readonly classes: boolean;
}

/** The class column an image can be asked for by. */
export function conditionColumn(info: DataSetInfo, { preparation }: TaskSource, { classes }: Settings): ColumnInfo | undefined {
  return classes ? info.columns.find(({ name, type }) => name === preparation.target && type === 'category') : undefined;
}

function rolesOf(info: DataSetInfo, source: TaskSource, settings: Settings): { inputs: DataRole[]; target: DataRole } {
  const pixels = pixelsRole(info, source);
  const column = conditionColumn(info, source, settings);
  const names = column?.categories ?? [];
  const noisy: DataRole = { ...pixels, name: noisyName };
  const step: DataRole = {
    name: stepName,
    kind: 'input',
    shape: [batchDim, dim('F', 1)],
    description: `how noisy, 0 to ${settings.steps - 1}`,
  };
  const condition: DataRole = {
    name: className,
    kind: 'input',
    shape: [batchDim, dim('T', 1)],
    classNames: [...names, 'any'],
    description: `1 of ${names.length} classes, or none`,
  };
  return {
    inputs: column === undefined ? [noisy, step] : [noisy, step, condition],
    target: { ...pixels, name: 'noise', kind: 'target', task: 'diffusion', description: 'the noise in the image' },
  };
}

export const diffusion = defineTask({
  type: 'diffusion',
  title: 'Diffusion',
  doc: 'Learns to take noise out of images, a little at a time; from pure noise it then draws new ones.',
  source: 'Ho, Jain, Abbeel 2020, Denoising diffusion probabilistic models; Ho, Salimans 2022, Classifier-free diffusion guidance',
  params: {
    steps: {
      kind: 'integer',
      label: 'Noise steps',
      doc: 'In how many steps an image becomes noise.',
      default: 1000,
      min: 2,
      max: 10_000,
    },
    noise: {
      kind: 'choice',
      label: 'Noise schedule',
      doc: 'How the noise grows from step to step.',
      default: 'cosine',
      options: [
        { value: 'cosine', label: 'Cosine', doc: 'Slow at both ends (Nichol, Dhariwal 2021): better for small images.' },
        { value: 'linear', label: 'Linear', doc: 'As in the first paper (Ho, Jain, Abbeel 2020).' },
      ],
    },
    classes: {
      kind: 'boolean',
      label: 'By class',
      doc: 'Tells the network the class of every image, so that it can draw one that is asked for.',
      default: false,
    },
    dropClass: {
      kind: 'number',
      label: 'Class left out',
      doc: 'Share of the images whose class is not told, so that guidance can compare with and without (Ho, Salimans 2022).',
      default: 0.1,
      min: 0,
      max: 1,
      step: 0.05,
      onlyWith: { param: 'classes', values: [true] },
    },
  },
  answer: 'values',
  fits: (info) => info.kind === 'images',
  roles(info, source, settings) {
    const { inputs, target } = rolesOf(info, source, settings);
    return { inputs, targets: [target] };
  },
  prepare(dataSet, source, settings) {
    const { stored, ...rest } = preparePixels(dataSet, source);
    const { inputs, target } = rolesOf(dataSet.info, source, settings);
    const column = conditionColumn(dataSet.info, source, settings);
    const prepared = inputs.map((role): PreparedRole => {
      if (role.name !== className || column === undefined) {
        const rowShape = role.shape.slice(1).map(({ size }) => size ?? 1);
        return { role, dtype: 'f32', rowShape, values: new Float32Array(0), reading: { kind: 'computed' } };
      }
      return { role, dtype: 'i32', rowShape: [1], values: codesOf(columnOf(dataSet, column.name)) };
    });
    const values = Float32Array.from(remainingSignal(settings.noise as NoiseScheduleName, settings.steps));
    return {
      rowCount: dataSet.info.rowCount,
      inputs: prepared,
      target: { ...stored, role: target },
      tables: [{ name: signalTable, values }],
      ...rest,
    };
  },
  feed({ b, settings, network, mode, batchSize: size, read }) {
    const image = read(network.data.target); // (B, C, H, W), −1 to 1
    const t = b.unary('floor', b.multiply(b.random('uniform', [size, 1]), settings.steps));
    const noise = b.random('normal', image.shape);
    const table = b.slot(tableSlot(signalTable), { shape: [settings.steps], dtype: 'f32' });
    const noisy = addNoise(b, image, noise, b.gather(table, b.cast(t, 'i32')));
    return {
      target: noise,
      input(role) {
        if (role.role.name === noisyName) return noisy;
        if (role.role.name === stepName) return t;
        const classes = read(role); // (B, 1)
        if (mode === 'evaluate' || settings.dropClass === 0) return classes;
        const dropped = b.binary('less', b.random('uniform', [size, 1]), settings.dropClass);
        return b.select(dropped, b.constant((role.role.classNames?.length ?? 1) - 1, [size, 1], 'i32'), classes);
      },
    };
  },
});

/** √ᾱ · image + √(1 − ᾱ) · noise; `signal` (B, 1) is ᾱ of each image. */
export function addNoise(b: Builder, image: Value, noise: Value, signal: Value): Value {
  const places = [signal.shape[0] ?? 1, ...image.shape.slice(1).map(() => 1)];
  const kept = b.reshape(b.unary('sqrt', signal), places);
  const added = b.reshape(b.unary('sqrt', b.subtract(1, signal)), places);
  return b.add(b.multiply(image, kept), b.multiply(noise, added));
}
