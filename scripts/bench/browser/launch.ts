/** A browser whose pages reach a graphics adapter through WebGPU: the machine's own, else the one Chromium computes itself. */
import { chromium } from '@playwright/test';
import type { Browser } from '@playwright/test';
import { findBrowser } from '../../setup/browser.mjs';

export type AdapterChoice = 'hardware' | 'software';

const common = [
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  // A page is measured although nobody looks at it.
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
];

/** Command-line arguments of a Chromium, Chrome or Edge. */
export function gpuBrowserArguments(adapter: AdapterChoice): string[] {
  const software = adapter === 'software' ? ['--use-webgpu-adapter=swiftshader'] : [];
  // As root there is no sandbox to be had.
  return [...common, ...software, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
}

/** @throws Error without a browser */
export async function launchGpuBrowser(adapter: AdapterChoice): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) {
    throw new Error('no Chromium, Chrome or Edge was found: install one, or name one in LAYERBENCH_BROWSER');
  }
  return chromium.launch({ executablePath, args: gpuBrowserArguments(adapter) });
}
