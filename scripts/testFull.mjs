/**
 * `npm run test:full`: everything that runs on the WebGPU engine in a browser, of which `npm test` runs the fast part;
 * with words, only the files whose path contains one.
 */
import { runMain } from './lib/main.mjs';
import { runWebgpuTests } from './lib/suites.mjs';

await runMain(async (args) => {
  const { passed, failed } = await runWebgpuTests({ full: true, args });
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  if (failed > 0) process.exitCode = 1;
});
