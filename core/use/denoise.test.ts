import { describe, expect, it } from 'vitest';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { createWasmEngine } from '../engines/wasm/wasmEngine.ts';
import { createRandom } from '../random/philox.ts';
import { remainingSignal } from '../tasks/noiseSchedule.ts';
import { draw } from '../testing/documents.ts';
import { imagesOf, trainedRun } from '../testing/trainedRuns.ts';
import { openDiffusion, stepsTaken, type Sampler } from './denoise.ts';
import { looksOf } from './trajectory.ts';
import { createUseSession } from './useSession.ts';

const steps = 10;
const task = { type: 'diffusion', steps, noise: 'linear', classes: false, dropClass: 0.1 } as const;

/** ε = slope · x + shift, the same at every step. */
const [slope, shift] = [0.4, 0.1];
const network = draw('x:input eps:conv2d out:output', 'x>eps eps>out', {
  x: { role: 'noisy image' },
  eps: { filters: 1, kernel: 1 },
  out: { role: 'noise' },
});
const weights = { 'eps/weight': [slope], 'eps/bias': [shift] };
const trained = trainedRun(network, imagesOf(30), { target: 'label', task, weights });

/** ε = class · ½ + x · slope, where the class is 0, 1 or 2 (none). */
const byClass = trainedRun(
  draw(
    'x:input c:input e:embedding flat:flatten back:reshape eps:conv2d sum:add out:output',
    'x>eps c>e e>flat flat>back eps>sum back>sum sum>out',
    {
      x: { role: 'noisy image' },
      c: { role: 'class' },
      e: { features: 4, vocabulary: 3 },
      back: { shape: '1 × 2 × 2' },
      eps: { filters: 1, kernel: 1 },
      out: { role: 'noise' },
    },
  ),
  imagesOf(30),
  {
    target: 'label',
    task: { ...task, classes: true },
    weights: { 'eps/weight': [slope], 'eps/bias': [0], 'e/weight': [0, 0, 0, 0, 0.5, 0.5, 0.5, 0.5, 1, 1, 1, 1] },
  },
);

const clip = (value: number) => Math.min(1, Math.max(-1, value));

/** One pixel by the papers' formulas, from β, as they print them. */
function denoise(start: number, eps: (x: number) => number, sampler: Sampler, taken: readonly number[], random = () => 0): number {
  const signal = remainingSignal('linear', steps);
  return taken.reduce((x, t, i) => {
    const [a, next] = [signal[t]!, i + 1 < taken.length ? signal[taken[i + 1]!]! : 1];
    const clean = clip((x - Math.sqrt(1 - a) * eps(x)) / Math.sqrt(a));
    if (sampler === 'ddim') {
      const again = (x - Math.sqrt(a) * clean) / Math.sqrt(1 - a);
      return Math.sqrt(next) * clean + Math.sqrt(1 - next) * again;
    }
    const beta = 1 - a / next;
    const mean = (Math.sqrt(next) * beta * clean + Math.sqrt(1 - beta) * (1 - next) * x) / (1 - a);
    return mean + Math.sqrt(((1 - next) / (1 - a)) * beta) * random();
  }, start);
}

async function sampled(options: { sampler: Sampler; steps: number; engine?: 'wasm'; count?: number; batchSize?: number }) {
  const engine =
    options.engine === 'wasm' ? createWasmEngine({ threads: 1, spawn: () => Promise.reject(new Error('none')) }) : createReferenceEngine();
  const { count = 3, batchSize = 3 } = options;
  const diffusion = await openDiffusion(engine, trained, { batchSize, guided: false });
  let time = 0;
  const images: number[] = [];
  for await (const { done, total, values } of diffusion.sample({ count, seed: 5, guidance: 0, ...options }, () => (time += 1))) {
    if (done % (total / Math.ceil(count / batchSize)) === 0) images.push(...(await values()));
  }
  await engine.dispose();
  return images;
}

const noise = Array.from({ length: 3 }, (_, i) => {
  const random = createRandom(5, 0x1d000000 + i);
  return Array.from({ length: 4 }, () => random.normal());
}).flat();

describe('steps taken', () => {
  it('are all of DDPM, of DDIM evenly spaced from the last one down', () => {
    expect(stepsTaken('ddpm', 4, 2)).toEqual([3, 2, 1, 0]);
    expect(stepsTaken('ddim', 1000, 4)).toEqual([999, 749, 499, 249]);
    expect(stepsTaken('ddim', 3, 50)).toEqual([2, 1, 0]);
  });
});

describe('sampling', () => {
  it.each(['reference', 'wasm'] as const)('by DDIM equals its formula, on %s', async (engine) => {
    const images = await sampled({ sampler: 'ddim', steps: 4, ...(engine === 'wasm' ? { engine } : {}) });
    const taken = stepsTaken('ddim', steps, 4);
    images.forEach((value, i) =>
      expect(value).toBeCloseTo(
        denoise(noise[i]!, (x) => slope * x + shift, 'ddim', taken),
        4,
      ),
    );
  });

  it('by DDPM has mean and deviation of its formula with noise at every step, the same for the same seed', async () => {
    const images = await sampled({ sampler: 'ddpm', steps, count: 300, batchSize: 300 });
    const { normal } = createRandom(1, 1);
    const taken = stepsTaken('ddpm', steps, steps);
    const expected = Array.from({ length: 5000 }, () => denoise(normal(), (x) => slope * x + shift, 'ddpm', taken, normal));
    const moments = (values: number[]) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)] as const;
    };
    const [is, should] = [moments(images), moments(expected)];
    expect(Math.abs(is[0] - should[0])).toBeLessThan(0.06);
    expect(Math.abs(is[1] - should[1])).toBeLessThan(0.06);
    expect(await sampled({ sampler: 'ddpm', steps, count: 300, batchSize: 300 })).toEqual(images);
  });

  it('gives the same images for a seed, however many are asked for at once', async () => {
    const many = await sampled({ sampler: 'ddim', steps: 5 });
    const single = await sampled({ sampler: 'ddim', steps: 5, batchSize: 1 });
    single.forEach((value, i) => expect(value).toBeCloseTo(many[i]!, 6));
  });

  it('of a class with guidance is (1 + w) · ε(class) − w · ε(none)', async () => {
    const session = createUseSession(createReferenceEngine(), byClass, () => 0);
    expect(session.abilities.sample).toMatchObject({ classNames: ['a', 'b'], steps, image: [1, 2, 2] });
    const ask = async (options: object) => (await session.sample({ count: 2, seed: 5, steps: 5, ...options }, async () => undefined)).bytes;
    const taken = stepsTaken('ddim', steps, 5);
    const bytesFor = (eps: (x: number, i: number) => number) =>
      Uint8Array.from(noise.slice(0, 8), (x, i) => Math.round((denoise(x, (y) => eps(y, i), 'ddim', taken) + 1) * 127.5));
    expect(await ask({ class: 'b', guidance: 2 })).toEqual(bytesFor((x) => slope * x + 3 * 0.5 - 2 * 1));
    expect(await ask({})).toEqual(bytesFor((x) => slope * x + 1));
    expect(await ask({ class: 'each' })).toEqual(bytesFor((x, i) => slope * x + (i < 4 ? 0 : 0.5)));
    await expect(ask({ class: 'c' })).rejects.toThrow('The network knows no class "c". It knows a, b; each takes all in turn.');
    await expect(ask({ steps: 11 })).rejects.toThrow('DDIM takes at most the 10 noise steps of the training, got 11.');
  });

  it('without classes refuses one, and says its progress', async () => {
    const session = createUseSession(createReferenceEngine(), trained, () => 0);
    await expect(session.sample({ count: 1, seed: 1, steps: 5, class: 'a' }, async () => undefined)).rejects.toThrow(
      'trained without classes',
    );
    const said: number[] = [];
    const { count, shape } = await session.sample({ count: 3, seed: 1, steps: 5 }, async ({ done, total, images }) => {
      said.push(done);
      expect(total).toBe(5);
      expect((await images!()).count).toBe(3);
    });
    expect({ count, shape }).toEqual({ count: 3, shape: [1, 2, 2] });
    expect(said.at(-1)).toBe(5);
  });
});

describe('a trajectory', () => {
  const start = () => createUseSession(createReferenceEngine(), trained, () => 0);
  const silent = async () => undefined;

  it.each(['ddim', 'ddpm'] as const)(
    'by %s ends with the image that is sampled, its numbers hang together by the formulas',
    async (sampler) => {
      const session = start();
      const asked = { seed: 5, sampler, steps: 4 };
      const { images, noise: eps, clean, steps: looked, signal, result, shape, taken } = await session.trajectory(asked, silent);
      const { bytes } = await session.sample({ ...asked, count: 1 }, silent);
      expect(Uint8Array.from(result, (x) => Math.min(255, Math.max(0, Math.round((x + 1) * 127.5))))).toEqual(bytes);
      expect({ shape, taken }).toEqual({ shape: [1, 2, 2], taken: sampler === 'ddim' ? 4 : steps });
      expect(looked).toEqual(stepsTaken(sampler, steps, 4));
      expect([...images.subarray(0, 4)]).toEqual([...Float32Array.from(noise.slice(0, 4))]);
      images.forEach((x, i) => {
        const kept = signal[looked[Math.floor(i / 4)]!]!;
        expect(eps[i]).toBeCloseTo(slope * x + shift, 5);
        expect(clean[i]).toBeCloseTo(clip((x - Math.sqrt(1 - kept) * eps[i]!) / Math.sqrt(kept)), 4);
      });
    },
  );

  it('looks at no more steps than fit a message: the first, the last and some between', () => {
    expect(looksOf(3)).toEqual([0, 1, 2]);
    const looks = looksOf(1000);
    expect(looks).toHaveLength(60);
    expect([looks[0], looks.at(-1)]).toEqual([0, 999]);
    expect(new Set(looks).size).toBe(60);
  });
});
