/**
 * Makes a fresh checkout ready: packages, Node 24, the native accelerator where there is a C compiler and, with
 * `--browser`, a browser for the end-to-end tests. Every other script calls it first; when nothing changed since the last
 * time it only reads a few small files.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { dependenciesAreCurrent, installDependencies } from './setup/dependencies.mjs';
import { buildNative } from './setup/native.mjs';
import { findNode, installNode } from './setup/node.mjs';
import { SetupError, say } from './setup/places.mjs';

/** @returns {Promise<string>} the path of the Node that runs everything else */
export async function setUp() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20) throw new SetupError(`Layerbench needs Node 20 or newer to set itself up; this is ${major}.${minor}.`);
  let node = dependenciesAreCurrent() ? findNode() : undefined;
  if (node === undefined) {
    await installDependencies();
    node = await installNode();
  }
  await buildNative();
  return node;
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    const node = await setUp();
    if (process.argv.includes('--browser')) {
      const { installBrowser } = await import('./setup/browser.mjs');
      await installBrowser(node);
    }
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}
