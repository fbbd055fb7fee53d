import { describe, expect, it } from 'vitest';
import { countModel, findModel } from '../zoo/index.ts';
import { hardware, peakOf, secondsOn } from './hardware.ts';
import { memoryOf, statesPerWeight } from './memory.ts';
import { hoffmannLoss, kaplanLoss, optimalAllocation, trainingCompute } from './scalingLaws.ts';
import { passesOfTraining, scalePoints } from './scaleModels.ts';
import { trainingFacts } from './trainingFacts.ts';

const points = new Map(scalePoints().map((point) => [point.id, point]));

describe('the networks on one axis', () => {
  it('has facts only of networks of the zoo, each with its source', () => {
    for (const [id, { source }] of Object.entries(trainingFacts)) {
      expect(findModel(id), id).toBeDefined();
      expect(source, id).toMatch(/\d{4}/);
    }
  });

  it('counts about what was published for GPT-3', () => {
    const { training, publishedTraining } = points.get('gpt-3')!;
    expect(training! / publishedTraining!).toBeGreaterThan(0.95);
    expect(training! / publishedTraining!).toBeLessThan(1.05);
  });

  it('counts a sequence by its tokens, and nothing that was not published', () => {
    const model = findModel('llama-3-8b')!;
    const point = points.get('llama-3-8b')!;
    expect(point.forward).toBe(countModel(model).flops / 8192);
    expect(point.training).toBe(passesOfTraining * point.forward! * 15e12);
    expect(points.get('gpt-2')!.training).toBeUndefined();
    expect(points.get('mlp-784')!.seen).toBeUndefined();
  });

  it('names what was never published as an estimate, and does not draw it', () => {
    const guessed = [...points.values()].filter(({ isEstimate }) => isEstimate);
    expect(guessed.map(({ title }) => title)).toEqual(['GPT-4']);
    for (const { model, forward, source } of guessed) {
      expect(model).toBeUndefined();
      expect(forward).toBeUndefined();
      expect(source).toContain('never published');
    }
  });

  it('stands in the order of years', () => {
    const years = scalePoints().map(({ year }) => year);
    expect(years).toEqual([...years].sort((a, b) => a - b));
  });
});

describe('memory', () => {
  it('is 16 bytes for each weight with Adam in mixed precision (Rajbhandari and others 2020)', () => {
    expect(memoryOf(1e9, 'mixed', 'adam')).toEqual({ weights: 2e9, training: 16e9 });
  });

  it('grows with what the optimizer keeps', () => {
    expect([statesPerWeight('sgd'), statesPerWeight('lion'), statesPerWeight('adamw')]).toEqual([1, 1, 2]);
    expect(memoryOf(10, 'float32', 'sgd').training).toBe(120);
    expect(memoryOf(10, 'bfloat16', 'adamw').training).toBe(80);
  });
});

describe('time', () => {
  it('of Llama 3 70B on H100s comes near the 6.4 million hours that its model card names', () => {
    const h100 = hardware.find(({ id }) => id === 'h100')!;
    const hours = secondsOn(h100, 1, 0.4, 'mixed', points.get('llama-3-70b')!.training!) / 3600;
    expect(hours).toBeGreaterThan(6.4e6 / 1.5);
    expect(hours).toBeLessThan(6.4e6 * 1.5);
  });

  it('falls with the count, and with what is computed in 16 bits', () => {
    for (const device of hardware) {
      expect(peakOf(device, 'mixed')).toBeGreaterThan(peakOf(device, 'float32'));
      expect(secondsOn(device, 8, 0.4, 'mixed', 1e20)).toBeCloseTo(secondsOn(device, 1, 0.4, 'mixed', 1e20) / 8, 3);
    }
  });
});

describe('scaling laws', () => {
  it('Hoffmann: no other split of the same compute has a lower loss', () => {
    for (const flops of [1e19, 5.76e23, 1e26]) {
      const { parameters, tokens } = optimalAllocation(flops);
      expect(trainingCompute(parameters, tokens) / flops).toBeCloseTo(1, 9);
      const least = hoffmannLoss(parameters, tokens);
      for (const by of [0.5, 0.95, 1.05, 2]) expect(hoffmannLoss(parameters * by, tokens / by)).toBeGreaterThan(least);
    }
  });

  it('Hoffmann: Chinchilla, 70 billion on 1.4 trillion tokens, is better than Gopher, 280 billion on 300 billion', () => {
    expect(hoffmannLoss(70e9, 1.4e12)).toBeLessThan(hoffmannLoss(280e9, 300e9));
    // Both have used nearly the same compute.
    expect(trainingCompute(70e9, 1.4e12) / trainingCompute(280e9, 300e9)).toBeCloseTo(1.17, 2);
  });

  it('Kaplan: with endless data only the size counts, with endless size only the data', () => {
    expect(kaplanLoss(1e9, 1e30)).toBeCloseTo((6.4e13 / 1e9) ** 0.076, 6);
    expect(kaplanLoss(1e30, 1e10)).toBeCloseTo((1.8e13 / 1e10) ** 0.103, 4);
  });
});
