import { describe, expect, it } from 'vitest';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { createRandom } from '../random/philox.ts';
import { draw } from '../testing/documents.ts';
import { imagesOf, trainedRun } from '../testing/trainedRuns.ts';
import { createUseSession, type OnProgress } from './useSession.ts';

const quiet: OnProgress = async () => undefined;
const latentOf = (image: number, size: number) => {
  const random = createRandom(4, 0x1a000000 + image);
  return Array.from({ length: size }, () => random.normal());
};
const byte = (value: number) => Math.min(255, Math.max(0, Math.round(value)));

/** Pixel k from two numbers. */
const matrix = [0.1, 0.2, -0.3, 0.1, 0.05, 0.2, 0.3, -0.1];
const pixel = (z: readonly number[], k: number) => matrix[2 * k]! * z[0]! + matrix[2 * k + 1]! * z[1]!;

describe('a variational autoencoder', () => {
  const document = draw(
    'image:input flat:flatten mean:dense variance:dense z:gaussianLatent d:dense back:reshape out:output',
    'image>flat flat>mean flat>variance mean>z variance>z z>d d>back back>out',
    {
      image: { role: 'image' },
      mean: { units: 2 },
      variance: { units: 2 },
      d: { units: 4 },
      back: { shape: '1 × 2 × 2' },
      out: { role: 'image' },
    },
  );
  const trained = trainedRun(document, imagesOf(40), {
    target: 'label',
    task: { type: 'autoencoding' },
    weights: { 'd/weight': matrix, 'd/bias': [0.5, 0.5, 0.5, 0.5] },
  });

  it('draws what its decoder makes of standard normal numbers', async () => {
    const session = createUseSession(createReferenceEngine(), trained, () => 0);
    expect(session.abilities.sample).toEqual({ image: [1, 2, 2], samplers: [] });
    const { bytes, count } = await session.sample({ count: 3, seed: 4 }, quiet);
    expect(count).toBe(3);
    expect([...bytes]).toEqual([0, 1, 2].flatMap((i) => [0, 1, 2, 3].map((k) => byte(255 * (0.5 + pixel(latentOf(i, 2), k))))));
  });

  it('gives back what it was shown, with the error on the scale of training', async () => {
    const session = createUseSession(createReferenceEngine(), trained, () => 0);
    const image = session.rows([3])[0]!.image!.bytes;
    const [answer] = await session.predict([{ image }]);
    if (answer?.kind !== 'values' || answer.image === undefined) throw new Error('no image');
    expect(answer.image.original.bytes).toEqual(image);
    const error = answer.image.output.bytes.reduce((sum, value, k) => sum + ((value - image[k]!) / 255) ** 2, 0) / 4;
    expect(answer.error).toBeCloseTo(error, 1);
  });
});

describe('an adversarial pair', () => {
  const dense = { units: 1 };
  const document = draw(
    'noise:input g:dense drawn:reshape image:input flat:flatten judge:dense flat2:flatten judge2:dense real:output fake:output',
    'noise>g g>drawn drawn>flat2 flat2>judge2 judge2>fake image>flat flat>judge judge>real',
    {
      noise: { role: 'noise' },
      g: { units: 4 },
      drawn: { shape: '1 × 2 × 2' },
      image: { role: 'image' },
      judge: dense,
      judge2: dense,
      real: { role: 'real' },
      fake: { role: 'drawn' },
    },
  );
  const shared = { ...document, nodes: document.nodes.map((node) => (node.id === 'judge2' ? { ...node, weightsOf: 'judge' } : node)) };

  it('draws with its generator alone', async () => {
    const trained = trainedRun(shared, imagesOf(40), {
      target: 'label',
      task: { type: 'adversarial', latent: 2 },
      weights: { 'g/weight': matrix, 'g/bias': [0, 0, 0, 0] },
    });
    const session = createUseSession(createReferenceEngine(), trained, () => 0);
    const { bytes } = await session.sample({ count: 2, seed: 4 }, quiet);
    expect([...bytes]).toEqual([0, 1].flatMap((i) => [0, 1, 2, 3].map((k) => byte((pixel(latentOf(i, 2), k) + 1) * 127.5))));
  });
});
