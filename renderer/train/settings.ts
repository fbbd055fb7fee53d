/** Small questions about the settings of the next run. */
import { augmentationsFor, augmentationSpecs, type AugmentationName } from '../../core/augmentation/index.ts';
import type { DataRole } from '../../core/data/dataSet.ts';
import type { ParamSpecs } from '../../core/layers/defineLayer.ts';
import { isShown } from '../../core/layers/specs.ts';
import { lossOf } from '../../core/losses/index.ts';
import { optimizerOf } from '../../core/optimizers/index.ts';
import { schedules } from '../../core/schedules/index.ts';
import { controlSpecs } from '../../core/train/controlSpecs.ts';
import { diffConfigs } from '../../core/train/runConfigSchema.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import { labelOfPath } from '../runs/runDiff.ts';

/** What the settings panel shows; network, data, split and preparation are changed elsewhere. */
const panelPaths = /^(loss\.|optimizer\.|schedule\.|controls\.|augmentation\.|layerRates\.|epochs|batchSize|seed|engine\.)/;
/** Names and hashes say which network and data it was, not how it was trained. */
const identity = /^(version|network\.|data\.hash)/;

export function changedFrom(config: RunConfig, defaults: RunConfig): boolean {
  return diffConfigs(defaults, config).some(({ path }) => panelPaths.test(path));
}

/** Whether a run with this config would be trained in another way than the given one. */
export function trainsDifferently(run: RunConfig, config: RunConfig): boolean {
  return diffConfigs(run, config).some(({ path }) => !identity.test(path));
}

/** How many settings of the fold differ from their defaults, so that a closed fold hides nothing. */
export function advancedChanges(config: RunConfig): number {
  const count = (specs: ParamSpecs, values: object, advanced: boolean): number =>
    Object.entries(specs).filter(
      ([name, spec]) =>
        (spec.advanced === true) === advanced &&
        isShown(spec, values as Record<string, unknown>) &&
        (values as Record<string, unknown>)[name] !== spec.default,
    ).length;
  return (
    count(lossOf(config.loss).params, config.loss, true) +
    count(optimizerOf(config.optimizer).params, config.optimizer, true) +
    count(schedules[config.schedule.kind].params, config.schedule, true) +
    count(controlSpecs, config.controls, false) +
    Object.values(config.augmentation ?? {}).filter((strength) => strength !== 0).length +
    Object.values(config.layerRates).filter((factor) => factor !== 1).length
  );
}

/** The augmentations that fit what goes in, and those that are on though they don't, so that they can be turned off. */
export function augmentationRows(config: RunConfig, roles: readonly DataRole[] | null): ParamSpecs {
  const fitting: readonly string[] = augmentationsFor(roles ?? [], config.task.type);
  const shown = Object.entries(augmentationSpecs).filter(
    ([name]) => fitting.includes(name) || (config.augmentation?.[name as AugmentationName] ?? 0) !== 0,
  );
  return Object.fromEntries(shown);
}

/** Every strength, 0 where a config does not name it. */
export function augmentationValues({ augmentation = {} }: RunConfig): Readonly<Record<string, number>> {
  return { ...Object.fromEntries(Object.keys(augmentationSpecs).map((name) => [name, 0])), ...augmentation };
}

/** The controls of a task without classes. */
export function withoutSampling({ sampling: _sampling, ...others }: typeof controlSpecs): ParamSpecs {
  return others;
}

/** The name of the undo step of a changed setting. */
export function settingSteps(path: string): string {
  return path === 'reset' ? 'Reset training settings' : `Change ${labelOfPath(path).toLowerCase()}`;
}
