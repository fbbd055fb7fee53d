/** `npm run e2e [-- firstModel]`: the end-to-end journeys, all or those whose file name contains the word. */
import { runMain } from './lib/main.mjs';
import { runJourneys } from './lib/suites.mjs';

await runMain(async (args) => {
  const { passed, failed } = await runJourneys(args);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  if (failed > 0) process.exitCode = 1;
});
