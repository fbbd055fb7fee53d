/** `sample`: images drawn by a diffusion, an adversarial pair or a variational autoencoder, and how good they are. */
import { raise } from '../../core/problem.ts';
import type { Sampler } from '../../core/use/denoise.ts';
import { defaultSteps } from '../../core/use/useSession.ts';
import { writeImages } from '../files/imageSheet.ts';
import { defineCommand, exitCodes, libraryOption } from './command.ts';
import { openComparison } from './compareSamples.ts';
import { findRun, numberOption } from './findRun.ts';
import { followJob } from './followJob.ts';
import { withHost } from './library.ts';
import { formatNumber } from './table.ts';

export const sampleCommand = defineCommand({
  name: 'sample',
  summary: 'Draws images with a finished run, and measures how close to real ones they are.',
  usage: '<run|last> [options]',
  positionals: ['run'],
  options: {
    count: { value: '<n>', help: 'how many images (default 16)' },
    seed: { value: '<n>', help: 'the same seed draws the same images (default 1)' },
    sampler: { value: '<ddim|ddpm>', help: 'diffusion: ddim takes few steps (default), ddpm all of them' },
    steps: { value: '<n>', help: `diffusion with ddim: steps from noise to image (default ${defaultSteps})` },
    class: { value: '<name>', help: 'diffusion by class: which class to draw; each: all in turn (default: none)' },
    guidance: { value: '<x>', help: 'diffusion by class: how strongly to insist on the class (default 0)' },
    out: {
      value: '<file|folder>',
      help: '.png: one picture of all, .idx, .raw: bytes, else a folder with a PNG each (default: samples.png)',
    },
    compare: { value: '<run>', help: "measure the images with a classifier's run; see below" },
    layer: { value: '<name>', help: "with --compare: the classifier's layer to compare by (default: its last hidden one)" },
    json: { help: 'one JSON line: { run, count, seed, seconds, out }, with --compare also compare' },
    library: libraryOption,
  },
  notes: [
    '--compare: the images, the test images of their data set, as many training images, and as many images of independent',
    "pixels (each normal, with its mean and deviation over the training images, kept within 0-255) go through the classifier's",
    'network. Of the numbers of one layer the Fréchet distance to those of the test images is taken: |m1 - m2|² +',
    'tr(C1 + C2 - 2 (C1 C2)^½), means and covariances (n - 1) in float64. compare: { classifier, layer, features, testImages,',
    'frechet, gaussianFrechet, trainingFrechet, ratio: frechet / gaussianFrechet, classes: share predicted as each, leastShare }.',
    'Nothing is written then unless --out is given.',
  ],
  examples: [
    'sample last --count 16 --sampler ddim --steps 50 --class Bag --guidance 2 --out bags.png',
    'sample 12 --count 1000 --compare 11 --json',
  ],
  async run({ options, positionals }, terminal) {
    const whole = { min: 1, max: 100_000, whole: true } as const;
    const count = numberOption('count', options.count, 16, whole);
    const seed = numberOption('seed', options.seed, 1, { min: 0, max: Number.MAX_SAFE_INTEGER, whole: true });
    const steps = numberOption('steps', options.steps, defaultSteps, { ...whole, max: 10_000 });
    const guidance = numberOption('guidance', options.guidance, 0, { min: 0, max: 100, whole: false });
    const sampler = samplerOption(options.sampler);
    if (guidance > 0 && options.class === undefined)
      raise({ code: 'cli.guidance', message: '"--guidance" needs --class: there is nothing to insist on.' });
    return withHost(options.library, async (host) => {
      const run = await findRun(host, positionals[0]!);
      const classifier = options.compare === undefined ? undefined : await findRun(host, options.compare);
      const { layer } = options;
      const { task, sample } = await host.handlers['use.describe']({ run });
      const compareWith =
        classifier === undefined || sample === undefined
          ? undefined
          : await openComparison(host, { run, classifier, count, seed, ...(layer === undefined ? {} : { layer }) });
      const asked = {
        count,
        seed,
        ...(task === 'diffusion' ? { sampler, steps, guidance } : {}),
        ...(options.class === undefined ? {} : { class: options.class }),
      };
      const startedAt = performance.now();
      const images = await followJob(host, terminal, (job) => host.uses.ask(run, { kind: 'sample', options: asked }, job));
      if (images === undefined) return exitCodes.interrupted;
      const seconds = Math.round(performance.now() - startedAt) / 1000;
      const out = options.out ?? (classifier === undefined ? 'samples.png' : undefined);
      if (out !== undefined) await writeImages(images, out);
      const compare = await compareWith?.(images);
      if (options.json === true) {
        const result = { run, ...asked, seconds, ...(out === undefined ? {} : { out }), ...(compare === undefined ? {} : { compare }) };
        terminal.out(JSON.stringify(result));
        return exitCodes.ok;
      }
      if (out !== undefined) terminal.out(`${count} images in ${seconds} s: ${out}`);
      if (compare !== undefined) {
        const { frechet, gaussianFrechet, trainingFrechet, ratio, classes, layer: by, testImages } = compare;
        terminal.out(`Fréchet distance to ${testImages} test images, by ${by}: ${formatNumber(frechet)}`);
        terminal.out(
          `  independent pixels ${formatNumber(gaussianFrechet)} (ratio ${formatNumber(ratio)}), real images ${formatNumber(trainingFrechet)}`,
        );
        for (const [name, share] of Object.entries(classes)) terminal.out(`  ${name}  ${formatNumber(100 * share)} %`);
      }
      return exitCodes.ok;
    });
  },
});

function samplerOption(text = 'ddim'): Sampler {
  if (text === 'ddim' || text === 'ddpm') return text;
  return raise({ code: 'cli.sampler', message: `"--sampler" expects ddim or ddpm, got "${text}".` });
}
