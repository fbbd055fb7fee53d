/** Pictures of a journey in both themes, to be looked at. */
import path from 'node:path';
import type { App } from './app.ts';
import { root } from './host.ts';

export async function picture({ page }: App, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(200);
    await page.screenshot({ path: path.join(root, 'test-results', 'screens', `${name}-${colorScheme}.png`) });
  }
}
