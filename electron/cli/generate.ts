/** `generate`: a next-token network continues a text. */
import { defineCommand, exitCodes, libraryOption } from './command.ts';
import { findRun, numberOption } from './findRun.ts';
import { withHost } from './library.ts';
import { followJob } from './followJob.ts';

export const generateCommand = defineCommand({
  name: 'generate',
  summary: 'Lets a finished run continue a text, token by token.',
  usage: '<run|last> [options]',
  positionals: ['run'],
  options: {
    prompt: { value: '<text>', help: 'what the text begins with; characters the network never saw are left out' },
    tokens: { value: '<n>', help: 'how many tokens to write (default 300)' },
    temperature: { value: '<x>', help: 'above 1 bolder, below 1 safer, 0 always the likeliest (default 0.8)' },
    'top-k': { value: '<n>', help: 'draw from the k likeliest only; 0: from all (default 20)' },
    seed: { value: '<n>', help: 'the same seed writes the same text (default 1)' },
    json: { help: 'one JSON line: { run, prompt, text, tokens, seconds }' },
    library: libraryOption,
  },
  notes: ['For networks trained with the task nextToken.'],
  examples: ['generate last --prompt "Call me " --tokens 300 --temperature 0.8 --top-k 20 --seed 1'],
  async run({ options, positionals }, terminal) {
    const tokens = numberOption('tokens', options.tokens, 300, { min: 1, max: 100_000, whole: true });
    const temperature = numberOption('temperature', options.temperature, 0.8, { min: 0, max: 100, whole: false });
    const topK = numberOption('top-k', options['top-k'], 20, { min: 0, max: 100_000, whole: true });
    const seed = numberOption('seed', options.seed, 1, { min: 0, max: Number.MAX_SAFE_INTEGER, whole: true });
    return withHost(options.library, async (host) => {
      const run = await findRun(host, positionals[0]!);
      const startedAt = performance.now();
      const prompt = options.prompt ?? '';
      const written = await followJob(host, terminal, (job) =>
        host.handlers['use.generate']({ run, job, prompt, tokens, temperature, topK, seed }),
      );
      if (written === undefined) return exitCodes.interrupted;
      const seconds = Math.round(performance.now() - startedAt) / 1000;
      if (options.json === true) terminal.out(JSON.stringify({ run, ...written, tokens, seconds }));
      else terminal.out(written.prompt + written.text);
      return exitCodes.ok;
    });
  },
});
