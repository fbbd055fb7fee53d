import { describe, expect, it, vi } from 'vitest';
import { generatePlane } from '../../../core/learn/planeData.ts';
import { changeOf, defaultSurface, planeSettings, readSurface } from './surfaceSettings.ts';
import { SurfaceLoop, type SurfaceAnswer, type SurfaceFrame, type SurfaceRequest } from './surfaceLoop.ts';

const data = generatePlane({ ...defaultSurface, seed: 1 });
const settings = planeSettings(defaultSurface, 2);
const open: SurfaceRequest = { kind: 'open', id: 1, settings, data, keep: false };

function started(now = () => performance.now()) {
  const answers: SurfaceAnswer[] = [];
  const loop = new SurfaceLoop({
    post: (answer) => answers.push(answer),
    now,
    later: (callback) => void setTimeout(callback, 0),
  });
  const frames = (): SurfaceFrame[] => answers.filter((answer) => answer.kind === 'frame');
  return { loop, answers, frames, pause: () => new Promise((resolve) => setTimeout(resolve, 60)) };
}

describe('the loop behind the decision surface', () => {
  it('sends one frame at a time, and the newest state once it was drawn', async () => {
    const { loop, frames } = started();
    await loop.receive(open);
    expect(frames().length).toBe(1);
    await loop.receive({ kind: 'step', unit: 'epoch' });
    await loop.receive({ kind: 'step', unit: 'batch' });
    expect(frames().length).toBe(1);
    await loop.receive({ kind: 'drawn' });
    expect(frames().map(({ epoch, step }) => [epoch, step])).toEqual([
      [0, 0],
      [1, 26],
    ]);
  });

  it('plays until it is paused, an epoch a frame', async () => {
    // By this clock an epoch takes no time: on a busy machine it might be longer than what is trained in one go.
    const { loop, frames, pause } = started(() => 0);
    await loop.receive(open);
    await loop.receive({ kind: 'drawn' });
    await loop.receive({ kind: 'play', pace: 'epoch' });
    for (const epoch of [1, 2]) {
      await vi.waitFor(() => expect(frames().at(-1)).toMatchObject({ epoch, playing: true }), { timeout: 10_000 });
      // No more than one, as long as it is not drawn.
      await pause();
      expect(frames().at(-1)).toMatchObject({ epoch, playing: true });
      if (epoch === 1) await loop.receive({ kind: 'drawn' });
    }
    await loop.receive({ kind: 'pause' });
    await loop.receive({ kind: 'drawn' });
    expect(frames().at(-1)).toMatchObject({ epoch: 2, playing: false });
  });

  it('a weight set by hand changes the map that is looked at', async () => {
    const { loop, frames } = started();
    await loop.receive(open);
    await loop.receive({ kind: 'drawn' });
    await loop.receive({ kind: 'look', layer: 1, unit: 2 });
    await loop.receive({ kind: 'drawn' });
    await loop.receive({ kind: 'weight', parameter: 0, index: 4, value: 3 });
    const [, before, after] = frames();
    expect(after!.look).toEqual({ layer: 1, unit: 2 });
    expect(after!.weights[0]![4]).toBe(3);
    expect(after!.map).not.toEqual(before!.map);
    expect(after!.map.length).toBe(64 * 64);
  });

  it('stops where the numbers end', async () => {
    const { loop, frames, pause } = started();
    const numbers = generatePlane({ ...defaultSurface, shape: 'slope' });
    const wild = planeSettings({ ...defaultSurface, activation: 'relu', learningRate: 1e6 }, 0);
    await loop.receive({ ...open, settings: wild, data: numbers });
    await loop.receive({ kind: 'drawn' });
    await loop.receive({ kind: 'play', pace: 'epoch' });
    await pause();
    for (let i = 0; i < 20 && frames().at(-1)?.diverged !== true; i++) {
      await loop.receive({ kind: 'drawn' });
      await pause();
    }
    expect(frames().at(-1)).toMatchObject({ diverged: true, playing: false });
  });
});

describe('its settings', () => {
  it('what does not fit falls back', () => {
    expect(readSurface({})).toEqual(defaultSurface);
    const odd = { hidden: [3, 99, 'x'], inputs: ['y', 'nothing'], activation: 'none', noise: 7, seed: NaN, shape: 'hills', penalty: 'l3' };
    expect(readSurface(odd)).toEqual({ ...defaultSurface, hidden: [3], inputs: ['y'], noise: 1 });
    expect(readSurface({ problem: 'regression' }).shape).toBe('slope');
  });

  it('tells what a change asks for', () => {
    const change = (part: Partial<typeof defaultSurface>) => changeOf(defaultSurface, { ...defaultSurface, ...part });
    expect(change({ noise: 0.5 })).toBe('data');
    expect(change({ hidden: [4, 3] })).toBe('restart');
    expect(change({ penalty: 'l1', learningRate: 1 })).toBe('rebuild');
    expect(change({ learningRate: 1 })).toBe('rates');
    expect(change({ showTest: true })).toBe('none');
  });
});
