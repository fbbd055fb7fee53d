/** Pictures of a journey in both themes, to be looked at. */
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { App } from './app.ts';
import { root } from './host.ts';

export async function picture({ page }: App, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await settled(page);
    await page.screenshot({ path: path.join(root, 'test-results', 'screens', `${name}-${colorScheme}.png`) });
  }
}

/** Waits until the page stands still: no transition runs, and the sizes and the canvas are those of three frames before; a second at most. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    const look = (): string => {
      const moving = document
        .getAnimations()
        .filter(({ playState, effect }) => playState === 'running' && effect?.getTiming().iterations !== Infinity);
      const { scrollWidth, scrollHeight } = document.documentElement;
      const canvases = [...document.querySelectorAll('canvas')].map(({ width, height }) => `${width}x${height}`);
      const viewport = document.querySelector('.svelte-flow__viewport')?.getAttribute('style');
      return JSON.stringify([moving.length, scrollWidth, scrollHeight, canvases, viewport]);
    };
    const startedAt = performance.now();
    let before = '';
    for (let same = 0; same < 3 && performance.now() - startedAt < 1_000;) {
      await frame();
      const now = look();
      same = now === before && now.startsWith('[0,') ? same + 1 : 0;
      before = now;
    }
  });
}
