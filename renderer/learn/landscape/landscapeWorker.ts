/** The thread on which races and slices of the loss are computed. */
import { LandscapeLoop, type LandscapeAnswer, type LandscapeRequest } from './landscapeLoop.ts';

function buffersOf(answer: LandscapeAnswer): ArrayBuffer[] {
  if (answer.kind !== 'done') return [];
  const { racers, grid } = answer.landscape;
  return [grid.losses, ...racers.flatMap(({ losses, places }) => [losses, places])].map(({ buffer }) => buffer as ArrayBuffer);
}

const loop = new LandscapeLoop({
  post: (answer) => self.postMessage(answer, { transfer: buffersOf(answer) }),
  now: () => performance.now(),
  breathe: () => new Promise((resolve) => setTimeout(resolve)),
});

self.addEventListener('message', ({ data }: MessageEvent<LandscapeRequest>) => void loop.receive(data));
