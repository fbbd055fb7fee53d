/** Drawn images against the test images of their data set, seen through a classifier's features. */
import { join } from 'node:path';
import { raise } from '../../core/problem.ts';
import { prepareData } from '../../core/tasks/prepareData.ts';
import type { ImageSheet } from '../../core/use/answers.ts';
import { compareFeatures, drawPixelGaussian, imagesOfRows, pickRows, type ImageComparison } from '../../core/use/compareImages.ts';
import type { RunId } from '../contract/calls.ts';
import { readDataSet } from '../files/dataCache.ts';
import type { Host } from '../host/host.ts';

export interface SampleComparison extends ImageComparison {
  readonly classifier: RunId;
  readonly layer: string;
  readonly features: number;
  readonly testImages: number;
}

export interface ComparisonOptions {
  /** That draws the images. */
  readonly run: RunId;
  readonly classifier: RunId;
  /** How many images will be compared. */
  readonly count: number;
  readonly seed: number;
  readonly layer?: string;
}

/**
 * Everything but the drawn images goes through the classifier first, so that what is wrong shows before they are drawn.
 * @throws ProblemError where there are no test images, or the other run is no classifier of such images
 */
export async function openComparison(
  host: Host,
  { run, classifier, count, seed, layer }: ComparisonOptions,
): Promise<(images: ImageSheet) => Promise<SampleComparison>> {
  const { config, dataHash } = await host.handlers['runs.get']({ id: run });
  const dataSet = await readDataSet(join(host.libraryFolder, 'data'), dataHash);
  const { parts } = prepareData(dataSet, config);
  if (parts.test.length < 2 || count < 2) {
    raise({
      code: 'compare.tooFew',
      message: `A comparison needs at least two samples and two test images, got ${count} and ${parts.test.length}.`,
      where: { kind: 'run', run },
    });
  }
  const { predict } = await host.handlers['use.describe']({ run: classifier });
  const featuresOf = (images: ImageSheet) =>
    host.uses.ask(classifier, { kind: 'features', images, ...(layer === undefined ? {} : { layer }) });
  const training = imagesOfRows(dataSet, parts.train);
  const others = {
    gaussian: await featuresOf(drawPixelGaussian(training, count, seed)),
    training: await featuresOf(imagesOfRows(dataSet, pickRows(parts.train, count, seed))),
    test: await featuresOf(imagesOfRows(dataSet, parts.test)),
  };
  return async (images) => {
    const samples = await featuresOf(images);
    return {
      classifier,
      layer: samples.layer,
      features: samples.units,
      testImages: parts.test.length,
      ...compareFeatures({ samples, ...others }, predict?.classNames ?? []),
    };
  };
}
