/** `npm run check`: types, lint with the import arrows, formatting. `--fix` mends what can be mended first. */
import path from 'node:path';
import { runChecks } from './lib/checks.mjs';
import { runMain } from './lib/main.mjs';
import { modulesFolder, runQuietly } from './setup/places.mjs';

await runMain(async (args) => {
  if (args.includes('--fix')) {
    await runQuietly(process.execPath, [path.join(modulesFolder, 'eslint', 'bin', 'eslint.js'), '.', '--fix']);
    await runQuietly(process.execPath, [
      path.join(modulesFolder, 'prettier', 'bin', 'prettier.cjs'),
      '--write',
      '.',
      '--log-level',
      'warn',
    ]);
  }
  const { passed, failed } = await runChecks();
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  if (failed > 0) process.exitCode = 1;
});
