import { describe, expect, it } from 'vitest';
import { inferShapes } from '../graph/inferShapes.ts';
import { parseDocumentText, serializeDocument } from '../graph/parseDocument.ts';
import { countModel, findModel, zoo } from './index.ts';

/** Of ddpm-28, by hand. */
function smallUNet(): number {
  const conv = (channels: number, filters: number, taps = 9) => (channels * taps + 1) * filters;
  const residual = (channels: number, filters: number) =>
    2 * channels + conv(channels, filters) + 129 * filters + 2 * filters + conv(filters, filters) +
    (channels === filters ? 0 : conv(channels, filters, 1)); // prettier-ignore
  const down = conv(1, 32) + residual(32, 32) + conv(32, 32) + residual(32, 48) + conv(48, 48) + residual(48, 96);
  const attention = 2 * 96 + conv(96, 3 * 96, 1) + conv(96, 96, 1);
  const up = conv(96, 48, 1) + residual(96, 48) + conv(48, 32, 1) + residual(64, 32) + 2 * 32 + conv(32, 1);
  return 65 * 128 + 129 * 128 + down + attention + residual(96, 96) + up;
}

/** Trainable parameters to the last digit. */
const counts: Readonly<Record<string, number>> = {
  'mlp-784': 109_386,
  'lenet-5': 61_706,
  alexnet: 61_100_840,
  'vgg-16': 138_357_544,
  'resnet-20': 272_474,
  'resnet-18': 11_689_512,
  'resnet-50': 25_557_032,
  'ddpm-cifar10': 35_746_307,
  'ddpm-28': smallUNet(),
  'llama-3-8b': 8_030_261_248,
  'llama-3-70b': 70_553_706_496,
  'efficientnet-b0': 5_288_548,
  'bert-large': 335_141_888,
  // Generator and discriminator by hand; batch norms have two numbers per channel.
  'dcgan-28':
    100 * 12_544 + 2 * 256 + 256 * 128 * 25 + 2 * 128 + 128 * 64 * 25 + 2 * 64 + 64 * 25 + (26 * 64 + (64 * 25 + 1) * 128 + 6272 + 1),
  vae: 785 * 400 + 2 * 401 * 20 + 21 * 400 + 401 * 784,
  'lstm-seq2seq': 2 * 10_000 * 256 + 2 * 4 * 512 * (256 + 512 + 2) + 2 * 4 * 512 * (512 + 512 + 2) + 513 * 10_000,
  'char-rnn': 4_225 + 4 * 512 * (65 + 512 + 2) + 2 * 4 * 512 * (1024 + 2) + 513 * 65,
  'gcn-cora': 23_063,
  'gpt-2': 124_439_808,
  'gpt-3': 174_604_259_328,
};

describe('the zoo', () => {
  it('lists every model once', () => {
    expect(zoo.map(({ id }) => id).sort()).toEqual(Object.keys(counts).sort());
    for (const { title, summary, paper, published } of zoo) {
      expect(title).not.toBe('');
      expect(`${summary} ${paper}`).toMatch(/^[A-Z].*\. .*\d{4}/);
      if (published !== undefined) expect(published.source).not.toBe('');
    }
    expect(findModel('gpt-2')?.title).toBe('GPT-2 small');
  });

  it.each(zoo.map((model) => [model.id, model] as const))(
    '%s has shapes everywhere and its parameters, without a file growing large',
    (id, model) => {
      const document = model.build();
      const text = serializeDocument(document);
      expect(parseDocumentText(text)).toEqual(document);
      expect(text.length).toBeLessThan(60_000);
      const from = performance.now();
      const shapes = inferShapes(document, null);
      expect(performance.now() - from).toBeLessThan(200);
      expect(shapes.problems).toEqual([]);
      expect(shapes.parameters).toBe(counts[id]);
      expect([...shapes.edges.values()].every(({ shape }) => shape !== undefined)).toBe(true);
      expect(shapes.flops).toBeGreaterThan(0);
    },
  );

  it('is near what was published', () => {
    for (const model of zoo) {
      if (model.published === undefined) continue;
      const ratio = countModel(model).parameters / model.published.parameters;
      expect(Math.abs(Math.log(ratio))).toBeLessThan(0.03);
    }
  });
});
