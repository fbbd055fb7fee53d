/** The thread on which curves are fitted: one at a time, or five seeds of every depth. */
import { createFit, type FitConfig } from '../../../core/learn/approximation.ts';
import type { FitAnswer, FitRequest } from './messages.ts';

/** Steps between two looks at the mailbox. */
const stretch = 10;
const frameMs = 40;
let job = 0;
let paused = false;
let wake: (() => void) | undefined;

const post = (answer: FitAnswer): void => self.postMessage(answer);
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

self.addEventListener('message', ({ data }: MessageEvent<FitRequest>) => {
  if (data.kind === 'pause') paused = true;
  else {
    paused = false;
    wake?.();
  }
  if (data.kind === 'fit') void watch(++job, data.config);
  else if (data.kind === 'compare') void compare(++job, data.configs);
  else if (data.kind === 'stop') job++;
});

async function watch(own: number, config: FitConfig): Promise<void> {
  const fit = await createFit(config);
  let saidAt = -Infinity;
  for (let step = 0; step <= config.steps; step += stretch) {
    if (performance.now() - saidAt >= frameMs || step + stretch > config.steps) {
      post({ kind: 'frame', state: await fit.read(), parameters: fit.parameters });
      saidAt = performance.now();
    }
    await fit.run(stretch);
    await breathe();
    while (paused && own === job) await new Promise<void>((resolve) => (wake = resolve));
    if (own !== job) return;
  }
}

async function compare(own: number, configs: readonly FitConfig[]): Promise<void> {
  for (const [index, config] of configs.entries()) {
    const fit = await createFit(config);
    for (let step = 0; step < config.steps; step += stretch) {
      await fit.run(stretch);
      await breathe();
      if (own !== job) return;
    }
    post({ kind: 'compared', index, maximumError: (await fit.read()).maximumError });
  }
}
