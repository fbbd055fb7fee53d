/** Small questions about the settings of the next run. */
import { diffConfigs } from '../../core/train/runConfigSchema.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import { labelOfPath } from '../runs/runDiff.ts';

/** What the settings panel shows; network, data, split and preparation are changed elsewhere. */
const panelPaths = /^(loss|optimizer\.|epochs|batchSize|seed|engine\.)/;
/** Names and hashes say which network and data it was, not how it was trained. */
const identity = /^(version|network\.|data\.hash)/;

export function changedFrom(config: RunConfig, defaults: RunConfig): boolean {
  return diffConfigs(defaults, config).some(({ path }) => panelPaths.test(path));
}

/** Whether a run with this config would be trained in another way than the given one. */
export function trainsDifferently(run: RunConfig, config: RunConfig): boolean {
  return diffConfigs(run, config).some(({ path }) => !identity.test(path));
}

/** The name of the undo step of a changed setting. */
export function settingSteps(path: string): string {
  return path === 'reset' ? 'Reset training settings' : `Change ${labelOfPath(path).toLowerCase()}`;
}
