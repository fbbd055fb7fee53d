/** Training leaves GPU memory and the page's heap as they are; LAYERBENCH_BATTERY=full trains ten thousand steps. */
import { chromium, type Browser, type CDPSession, type Page } from '@playwright/test';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { FlatPage } from './flatPage.ts';

const webgpu = inject('webgpu');
const isFull = process.env.LAYERBENCH_BATTERY === 'full';
const stepsPerRun = 25;
const steps = isFull ? 10_000 : 500;
/** What compiled code and the browser's own tables may add, once warm, and what one kept object per step would exceed. */
const allowedGrowthBytes = isFull ? 200_000 : 100_000;

let browser: Browser;
let page: Page;
let session: CDPSession;

beforeAll(async () => {
  if (webgpu === undefined) return;
  browser = await chromium.connect(webgpu.browser);
  page = await browser.newPage();
  const failed = new Promise<never>((_, reject) => page.once('pageerror', reject));
  await page.goto(webgpu.flatPage);
  await Promise.race([page.waitForFunction(() => 'flatPage' in globalThis), failed]);
  session = await page.context().newCDPSession(page);
});
afterAll(async () => browser?.close());

async function train(count: number): Promise<number> {
  const runs = Math.ceil(count / stepsPerRun);
  return page.evaluate(([all, each]) => (globalThis as unknown as { flatPage: FlatPage }).flatPage.train(all!, each!), [runs, stepsPerRun]);
}

const liveBuffers = () => page.evaluate(() => (globalThis as unknown as { flatPage: FlatPage }).flatPage.liveBuffers());

/** Of live objects alone. */
async function heapBytes(): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize;
}

it(
  `${steps} steps leave GPU memory and heap flat`,
  async () => {
    const firstLoss = await train(100);
    const before = { heap: await heapBytes(), buffers: await liveBuffers() };
    const startedAt = performance.now();
    const lastLoss = await train(steps);
    const seconds = (performance.now() - startedAt) / 1000;
    const after = { heap: await heapBytes(), buffers: await liveBuffers() };
    const growth = after.heap - before.heap;
    process.stdout.write(
      `${steps} steps in ${seconds.toFixed(1)} s: page heap ${(before.heap / 1e6).toFixed(2)} -> ${(after.heap / 1e6).toFixed(2)} MB, ` +
        `GPU buffers ${before.buffers.bytes} -> ${after.buffers.bytes} bytes in ${after.buffers.count}\n`,
    );
    expect(lastLoss).toBeLessThan(firstLoss);
    expect(after.buffers).toEqual(before.buffers);
    expect(growth).toBeLessThan(allowedGrowthBytes);
    await page.evaluate(() => (globalThis as unknown as { flatPage: FlatPage }).flatPage.dispose());
    expect(await liveBuffers()).toEqual({ count: 0, bytes: 0 });
  },
  isFull ? 300_000 : 60_000,
);
