/** `npm run dev`: the browser shell, with the interface rebuilt on every change (reload the page to see it). */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { buildPart } from './lib/buildApp.mjs';
import { runMain } from './lib/main.mjs';
import { nodeEnvironment, passThrough } from './lib/run.mjs';
import { modulesFolder, root } from './setup/places.mjs';

await runMain(async (args) => {
  await buildPart('renderer');
  const vite = path.join(modulesFolder, 'vite', 'bin', 'vite.js');
  const options = ['build', '--config', 'vite.renderer.config.ts', '--watch', '--mode', 'development', '--logLevel', 'warn'];
  const watcher = spawn(process.execPath, [vite, ...options], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  process.once('exit', () => watcher.kill());
  await passThrough(
    process.execPath,
    ['--watch-path=electron', '--watch-path=core', '--watch-preserve-output', 'electron/serve.ts', ...args],
    {
      env: nodeEnvironment(),
    },
  );
  watcher.kill();
});
