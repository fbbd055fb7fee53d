/** A browser that computes WebGPU in software, so that its journeys run on machines without a graphics card. */
import type { Page } from '@playwright/test';
import playwrightConfig from '../../playwright.config.ts';

const launchOptions = playwrightConfig.use?.launchOptions ?? {};

/** For `test.use`: the project's own browser with a software adapter. */
export const withGpu = {
  launchOptions: {
    ...launchOptions,
    args: [...(launchOptions.args ?? []), '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
  },
};

/** The process that drives graphics dies, as on a driver fault: every device of every page is lost. */
export async function crashGraphics(page: Page): Promise<void> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('The browser cannot be reached.');
  const session = await browser.newBrowserCDPSession();
  await session.send('Browser.crashGpuProcess');
  await session.detach();
}
