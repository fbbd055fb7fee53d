/**
 * `npm start`: the desktop window where the Electron runtime is there or can be had, else the browser shell with its
 * address in one line. LAYERBENCH_SHELL=browser or =desktop chooses; further arguments go to the shell.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildPart } from './lib/buildApp.mjs';
import { runMain } from './lib/main.mjs';
import { nodeEnvironment } from './lib/run.mjs';
import { findBrowser, hasScreen } from './setup/browser.mjs';
import { fetchElectron } from './setup/electron.mjs';
import { root, say } from './setup/places.mjs';

/** Electron that ends this soon with an error never showed a window: no display, or a sandbox the system forbids. */
const failedStartMs = 5_000;

/** @returns the executable, or undefined after one sentence saying why the browser shell opens instead */
async function chooseDesktop() {
  const wish = process.env.LAYERBENCH_SHELL;
  if (wish === 'browser') return undefined;
  if (!hasScreen() && wish !== 'desktop') {
    say('No screen on this machine: using the browser shell.');
    return undefined;
  }
  const electron = await fetchElectron(process.execPath);
  if (electron === undefined) say('The Electron runtime is not available here: using the browser shell instead of the desktop window.');
  return electron;
}

/** @returns {Promise<boolean>} false when no window could be opened */
async function runDesktop(electron, args) {
  await buildPart('electron');
  const startedAt = Date.now();
  const env = { ...process.env };
  delete env.ELECTRON_RUN_AS_NODE;
  const child = spawn(electron, [root, ...args], { cwd: root, env, stdio: ['inherit', 'inherit', 'pipe'] });
  child.stderr.pipe(process.stderr);
  const [code, signal] = await ending(child);
  const failed = (code ?? 1) !== 0 && Date.now() - startedAt < failedStartMs && signal !== 'SIGINT' && signal !== 'SIGTERM';
  if (!failed) process.exitCode = code ?? 0;
  return !failed;
}

async function runBrowserShell(args) {
  const child = spawn(process.execPath, [path.join(root, 'electron', 'serve.ts'), ...args], {
    cwd: root,
    env: nodeEnvironment(),
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  let written = '';
  child.stdout.on('data', (data) => {
    process.stdout.write(data);
    if (written.length > 10_000) return;
    const before = /https?:\/\/\S+/.test(written);
    written += data;
    const address = /(https?:\/\/\S+)\s/.exec(written)?.[1];
    if (!before && address !== undefined) openWindow(address);
  });
  const [code] = await ending(child);
  process.exitCode = code ?? 0;
}

/** A bare window of an installed browser, with a profile of its own so that nothing of the user's is touched. */
function openWindow(address) {
  if (!hasScreen() || process.env.CI || process.env.LAYERBENCH_OPEN === 'no') return;
  const browser = findBrowser();
  if (browser === undefined) return;
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'layerbench-window-'));
  const args = [`--app=${address}`, `--user-data-dir=${profile}`, '--no-first-run', '--no-default-browser-check', '--disable-sync'];
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  const window = spawn(browser, args, { stdio: 'ignore', detached: true });
  window.on('error', () => {});
  window.on('exit', () => fs.rmSync(profile, { recursive: true, force: true }));
  window.unref();
}

/** Ctrl-C and the like are the shell's to answer; this process waits for its end. */
function ending(child) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || process.stdin.isTTY !== true) child.kill(signal);
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve([code, signal]));
  });
}

await runMain(async (args) => {
  await buildPart('renderer');
  const electron = await chooseDesktop();
  if (electron !== undefined) {
    if (await runDesktop(electron, args)) return;
    say('The desktop window could not open here: using the browser shell.');
  }
  await runBrowserShell(args);
});
