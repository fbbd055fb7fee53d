/** Draws resources/icons/icon.png (1024 × 1024) from icon.svg with an installed browser; run it after changing the drawing. */
import { chromium } from '@playwright/test';
import fs from 'node:fs';
import path from 'node:path';
import { findBrowser } from '../setup/browser.mjs';
import { root } from '../setup/places.mjs';

const folder = path.join(root, 'resources', 'icons');
const drawing = fs.readFileSync(path.join(folder, 'icon.svg'), 'utf8');
const browser = await chromium.launch({ executablePath: findBrowser(), args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
const page = await browser.newPage({ viewport: { width: 1024, height: 1024 } });
await page.setContent(`<style>body { margin: 0 } svg { display: block; width: 100vw; height: 100vh }</style>${drawing}`);
await page.screenshot({ path: path.join(folder, 'icon.png'), omitBackground: true });
await browser.close();
