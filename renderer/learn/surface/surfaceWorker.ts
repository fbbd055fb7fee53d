/** The thread on which the decision surface is computed. */
import { SurfaceLoop, type SurfaceAnswer, type SurfaceRequest } from './surfaceLoop.ts';

function buffersOf(answer: SurfaceAnswer): ArrayBuffer[] {
  if (answer.kind !== 'frame') return [];
  return [answer.map, ...answer.small, ...answer.weights].map(({ buffer }) => buffer as ArrayBuffer);
}

const loop = new SurfaceLoop({
  post: (answer) => self.postMessage(answer, { transfer: buffersOf(answer) }),
  now: () => performance.now(),
  later: (callback, milliseconds) => void setTimeout(callback, milliseconds),
});

self.addEventListener('message', ({ data }: MessageEvent<SurfaceRequest>) => void loop.receive(data));
