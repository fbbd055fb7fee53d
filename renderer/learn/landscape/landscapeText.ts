/** Every word of the landscape's page. */
import type { PlaneKind } from '../../../core/learn/landscape.ts';
import type { PlaneShape } from '../../../core/learn/planeData.ts';
import type { RateVerdict } from '../../../core/learn/race.ts';
import { formatCount, formatDuration, formatNumber, formatPercent, formatPlural } from '../../ui/format.ts';
import { surfaceText } from '../surface/surfaceText.ts';
import type { Waiting } from './networkRace.svelte.ts';

export const landscapeText = {
  title: 'Loss landscape',
  race: 'Race',
  mode: 'What races',
  modes: { optimizers: 'Optimizers', rates: 'Learning rates' },
  optimizer: 'Optimizer',
  rate: 'Learning rate',
  rateOf: (title: string) => `Learning rate of ${title}`,
  rateSlider: 'Learning rate by slider',
  racing: 'Racers',
  lastRacer: 'One has to stay.',
  rateHint: 'Raced at a tenth of this rate, at the rate itself and at ten times it.',
  source: 'What is raced on',
  sources: { bench: 'Two features', open: 'Open network' },
  network: 'Network and data',
  shape: 'Points',
  shapeName: (shape: PlaneShape) => surfaceText.shapes[shape],
  layers: 'Hidden layers',
  units: 'Units in each',
  activation: 'Activation',
  batchSize: 'Batch size',
  steps: 'Steps',
  seed: 'Seed',
  plane: 'Plane',
  planes: {
    principal: 'Main directions of the paths',
    random: 'Random, filter-normalised',
    ends: 'Start and two ends',
  } satisfies Record<PlaneKind, string>,
  planeDoc: {
    principal: 'Through the best end, along the two directions in which the paths spread most (principal components).',
    random: 'Through the best end, along two random directions that are as long as the weights of each unit (Li and others 2018).',
    ends: 'Through the common start and the ends of the two best racers, exactly; alone, a racer’s middle is the third point.',
  } satisfies Record<PlaneKind, string>,

  play: 'Play',
  pause: 'Pause',
  back: 'Step back',
  forward: 'Step',
  toStart: 'To the start',
  toEnd: 'To the end',
  speed: 'Steps a second',
  step: 'Step',
  stepOf: (step: number, steps: number) => `${formatCount(step)} / ${formatCount(steps)}`,
  progress: { race: 'The optimizers are racing', grid: 'The loss is computed over the plane' },

  map: (range: readonly [number, number, number, number], low: number, high: number, places: readonly string[]) =>
    `Loss over the plane, ${formatNumber(low, 3)} to ${formatNumber(high, 3)}; first direction ${formatNumber(range[0], 3)} to ${formatNumber(range[1], 3)}, second ${formatNumber(range[2], 3)} to ${formatNumber(range[3], 3)}. ${places.join('; ')}`,
  place: (label: string, a: number, b: number) => `${label} at (${formatNumber(a, 3)}, ${formatNumber(b, 3)})`,
  under: (a: number, b: number, loss: string) => `(${formatNumber(a, 3)}, ${formatNumber(b, 3)}): loss ${loss}`,
  low: 'low loss',
  high: 'high loss',
  start: 'start',

  table: 'Losses at this step',
  columns: { racer: 'Racer', loss: 'Loss', share: 'In plane', verdict: 'Rate' },
  shareDoc: 'Of the length of its path, how much lies in the plane that is drawn',
  verdicts: { small: 'too small', right: 'about right', large: 'too large', diverged: 'too large: NaN' } satisfies Record<
    RateVerdict,
    string
  >,
  verdictDoc: {
    small: 'Much of the way that another racer went still lies ahead',
    right: 'It comes down, and close to the best',
    large: 'The loss jumps up again, or ends above its start',
    diverged: 'The loss is no longer a finite number',
  } satisfies Record<RateVerdict, string>,
  shares: (parts: readonly { readonly label: string; readonly share: number }[]) =>
    `Of each path’s length there lies in this plane: ${parts.map(({ label, share }) => `${label}: ${formatPercent(share, 0)}`).join('; ')}. The rest runs through directions that are not seen. The height under a dot is the plane’s; its own loss is in the table.`,
  curves: 'Loss by step',
  stepAxis: 'step',
  failed: (message: string) => `The computation stopped: ${message}`,

  facts: { network: 'Network', data: 'Data', loss: 'Loss', batchSize: 'Batch size', seed: 'Seed' },
  toTrain: 'Change in Train',
  side: 'Map points',
  sideOf: (side: number) => `${side} × ${side}`,
  constant: 'Start weights, batches and settings are those of its training; the learning rate stays constant.',
  sample: (rows: number, of: number, every: number) =>
    `Losses are means over ${rows === of ? `all ${formatCount(of)}` : `${formatCount(rows)} of the ${formatCount(of)}`} training rows, without dropout, batch norm by these rows themselves.${every > 1 ? ` Paths keep every ${formatCount(every)} steps, as many as fit in memory.` : ''}`,

  estimate: ({ estimate: { raceMs, mapMs } }: Waiting) =>
    `${raceMs === 0 ? 'Another map' : 'The race'} takes about ${formatDuration(raceMs + mapMs)} on this machine`,
  estimateParts: ({ estimate: { raceMs, mapMs }, racers, steps, side, sample }: Waiting) => {
    const map = `${side} × ${side} losses of ${formatPlural(sample.rows, 'row')} (${formatDuration(mapMs)})`;
    if (raceMs === 0) return `${map}.`;
    return `${formatPlural(racers, 'racer')} × ${formatPlural(steps, 'step')} (${formatDuration(raceMs)}), then ${map}.`;
  },
  estimateHint: 'Fewer racers, steps or points of the map take less. It can be cancelled at any time and goes on while you work elsewhere.',
  begin: 'Start the race',
  beginMap: 'Compute the map',
  cancel: 'Cancel',
  again: 'Try again',
  cancelled: 'The race was cancelled.',
  cancelledMap: 'Cancelled: the map stays as coarse as it is.',
  measuring: 'The data is read and a step is measured',
  running: (phase: 'race' | 'grid', done: number, total: number, leftMs: number | undefined) => {
    const what =
      phase === 'race'
        ? `Racing: step ${formatCount(done)} of ${formatCount(total)}, all racers together`
        : `Map: ${formatCount(done)} of ${formatCount(total)} points, coarse ones first`;
    return leftMs === undefined ? what : `${what}; about ${formatDuration(leftMs)} left`;
  },

  noNetwork: 'No network is open',
  noNetworkHint: 'Open one, and its optimizers race on its own data.',
  openNetwork: 'Open a network',
  noData: 'The open network has no data set',
  noDataHint: 'Choose one in Data, and what to predict.',
  toData: 'Choose data',
  problem: 'The open network cannot be trained yet',
  toBuild: 'Mend it in Build',
  toBench: 'Race on two features',
};
