/** A browser: for the end-to-end tests one that can be driven, for the browser shell one that opens a bare window. */
import fs from 'node:fs';
import path from 'node:path';
import { cacheFolder, findOnPath, modulesFolder, root, runQuietly, say } from './places.mjs';

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
  'chrome',
  'msedge',
];

const usualPlaces = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
    .filter((folder) => folder !== undefined)
    .flatMap((folder) => [
      path.join(folder, 'Google/Chrome/Application/chrome.exe'),
      path.join(folder, 'Microsoft/Edge/Application/msedge.exe'),
    ]),
};

/** A Chromium, Chrome or Edge of this machine; LAYERBENCH_BROWSER names another. */
export function findBrowser() {
  const chosen = process.env.LAYERBENCH_BROWSER;
  if (chosen !== undefined && fs.existsSync(chosen)) return chosen;
  return findOnPath(...names) ?? (usualPlaces[process.platform] ?? []).find((file) => fs.existsSync(file)) ?? findPlaywrightBrowser();
}

/** Playwright's own download, kept inside this checkout so that nothing else on the machine changes. */
export const playwrightBrowsers = path.join(cacheFolder, 'browsers');

function findPlaywrightBrowser() {
  if (!fs.existsSync(playwrightBrowsers)) return undefined;
  const executables = ['chrome-linux64/chrome', 'chrome-linux/chrome', 'chrome-win64/chrome.exe', 'chrome-win/chrome.exe'];
  for (const folder of fs.readdirSync(playwrightBrowsers)) {
    if (!/^chromium-\d+$/.test(folder)) continue;
    const found = executables.map((file) => path.join(playwrightBrowsers, folder, file)).find((file) => fs.existsSync(file));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @returns the prefix that runs a command as the administrator without asking, or undefined */
async function administrator() {
  if (process.getuid?.() === 0) return [];
  const sudo = findOnPath('sudo');
  if (sudo === undefined) return undefined;
  return (await runQuietly(sudo, ['-n', 'true'], { limitMs: 5_000 })).code === 0 ? [sudo, '-n'] : undefined;
}

async function installFromDebian() {
  const apt = findOnPath('apt-get');
  if (apt === undefined) return undefined;
  const prefix = await administrator();
  if (prefix === undefined) return undefined;
  say('Installing Chromium for the end-to-end tests (once) ...');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = (args) => {
    const [command, ...rest] = [...prefix, apt, '-q', '-y', '-o', 'Acquire::Retries=3', '-o', 'DPkg::Lock::Timeout=120', ...args];
    return runQuietly(command, rest, { limitMs: 600_000, env });
  };
  await run(['update']);
  await run(['install', '--no-install-recommends', 'chromium', 'fonts-liberation']);
  return findBrowser();
}

async function installFromPlaywright(node) {
  const command = path.join(modulesFolder, '@playwright', 'test', 'cli.js');
  if (!fs.existsSync(command)) return undefined;
  say("Fetching Playwright's browser for the end-to-end tests (once) ...");
  const env = { ...process.env, PLAYWRIGHT_BROWSERS_PATH: playwrightBrowsers };
  await runQuietly(node, [command, 'install', 'chromium', '--no-shell'], { limitMs: 300_000, env, cwd: root });
  return findBrowser();
}

/** @returns the browser for the end-to-end tests, or undefined after one sentence about it */
export async function installBrowser(node) {
  const browser = findBrowser() ?? (await installFromDebian()) ?? (await installFromPlaywright(node));
  if (browser === undefined) {
    say('No browser for the end-to-end tests could be found or installed: install Chromium or Chrome, or name one in LAYERBENCH_BROWSER.');
  }
  return browser;
}

/** Whether a window could be shown at all. */
export function hasScreen() {
  if (process.platform !== 'linux') return process.env.SSH_CONNECTION === undefined;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}
