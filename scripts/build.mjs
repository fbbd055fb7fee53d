/** `npm run build`: the interface and the host's bundles, into dist/. */
import { buildPart } from './lib/buildApp.mjs';
import { runMain } from './lib/main.mjs';

await runMain(async () => {
  await buildPart('renderer', { force: true, show: true });
  await buildPart('electron', { force: true, show: true });
});
