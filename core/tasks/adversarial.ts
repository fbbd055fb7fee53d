/**
 * An adversarial pair: a generator draws images from noise, a discriminator tells them from real ones. The network has two
 * Outputs; what leads to the Output `real` is the discriminator, what leads only to `drawn` is the generator.
 */
import type { DataRole, DataSetInfo } from '../data/dataSet.ts';
import { batchDim, dim } from '../graph/shape.ts';
import { defineTask, type TaskSource } from './defineTask.ts';
import { pixelsRole, preparePixels } from './images.ts';

export const realName = 'real';
export const drawnName = 'drawn';

function noiseRole(latent: number): DataRole {
  return { name: 'noise', kind: 'input', shape: [batchDim, dim('F', latent)], description: `${latent} random numbers` };
}

function verdictRole(name: string, description: string): DataRole {
  return { name, kind: 'target', shape: [batchDim, dim('F', 1)], task: 'adversarial', description };
}

const real = verdictRole(realName, 'verdict on real images');
const drawn = verdictRole(drawnName, 'verdict on drawn images');

function imageOf(info: DataSetInfo, source: TaskSource): DataRole {
  return { ...pixelsRole(info, source), name: 'image' };
}

export const adversarial = defineTask({
  type: 'adversarial',
  title: 'Adversarial pair',
  doc: 'Two networks learn against each other: one draws images from noise, the other tells them from real ones.',
  source: 'Goodfellow and others 2014, Generative adversarial nets; Radford, Metz, Chintala 2015 (DCGAN)',
  params: {
    latent: {
      kind: 'integer',
      label: 'Noise',
      doc: 'How many random numbers an image is drawn from.',
      default: 100,
      min: 1,
      max: 65_536,
    },
  },
  answer: 'verdicts',
  fits: (info) => info.kind === 'images',
  roles: (info, source, { latent }) => ({ inputs: [noiseRole(latent), imageOf(info, source)], targets: [real, drawn] }),
  prepare(dataSet, source, { latent }) {
    const { stored, ...rest } = preparePixels(dataSet, source);
    const computed = { dtype: 'f32', values: new Float32Array(0), reading: { kind: 'computed' } } as const;
    return {
      rowCount: dataSet.info.rowCount,
      inputs: [
        { ...computed, role: noiseRole(latent), rowShape: [latent] },
        { ...stored, role: imageOf(dataSet.info, source) },
      ],
      target: { ...computed, role: real, rowShape: [1] },
      otherTargets: [drawn],
      ...rest,
    };
  },
  feed({ b, batchSize: size, read }) {
    return {
      input: (role) => (role.role.name === 'noise' ? b.random('normal', [size, role.rowShape[0] ?? 1]) : read(role)),
      target: b.constant(1, [size, 1]),
    };
  },
});
