/** The thread on which races of the bench on two features are run. */
import { LandscapeLoop, type LandscapeRequest } from './landscapeLoop.ts';

const loop = new LandscapeLoop({
  post: (answer) => self.postMessage(answer),
  now: () => performance.now(),
  breathe: () => new Promise((resolve) => setTimeout(resolve)),
});

self.addEventListener('message', ({ data }: MessageEvent<LandscapeRequest>) => void loop.receive(data));
