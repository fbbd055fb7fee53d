/** Drawn images against the test images of their data set, seen through a classifier's features. */
import { raise } from '../../core/problem.ts';
import { prepareData } from '../../core/tasks/prepareData.ts';
import type { ImageSheet } from '../../core/use/answers.ts';
import { compareFeatures, drawPixelGaussian, imagesOfRows, pickRows, type ImageComparison } from '../../core/use/compareImages.ts';
import type { RunId } from '../contract/calls.ts';
import { readDataSet } from '../files/dataCache.ts';
import type { Host } from '../host/host.ts';
import { join } from 'node:path';

export interface SampleComparison extends ImageComparison {
  readonly classifier: RunId;
  readonly layer: string;
  readonly features: number;
  readonly testImages: number;
}

export interface ComparedSamples {
  /** That drew them. */
  readonly run: RunId;
  readonly classifier: RunId;
  readonly images: ImageSheet;
  readonly seed: number;
  readonly layer?: string;
}

/** @throws ProblemError where there are no test images, or the other run is no classifier of such images */
export async function compareSamples(host: Host, { run, classifier, images, seed, layer }: ComparedSamples): Promise<SampleComparison> {
  const { config, dataHash } = await host.handlers['runs.get']({ id: run });
  const dataSet = await readDataSet(join(host.libraryFolder, 'data'), dataHash);
  const { parts } = prepareData(dataSet, config);
  if (parts.test.length < 2 || images.count < 2) {
    raise({
      code: 'compare.tooFew',
      message: `A comparison needs at least two samples and two test images, got ${images.count} and ${parts.test.length}.`,
      where: { kind: 'run', run },
    });
  }
  const training = imagesOfRows(dataSet, parts.train);
  const featuresOf = (sheet: ImageSheet) =>
    host.uses.ask(classifier, { kind: 'features', images: sheet, ...(layer === undefined ? {} : { layer }) });
  const samples = await featuresOf(images);
  const sets = {
    samples,
    gaussian: await featuresOf(drawPixelGaussian(training, images.count, seed)),
    training: await featuresOf(imagesOfRows(dataSet, pickRows(parts.train, images.count, seed))),
    test: await featuresOf(imagesOfRows(dataSet, parts.test)),
  };
  const { predict } = await host.handlers['use.describe']({ run: classifier });
  return {
    classifier,
    layer: samples.layer,
    features: samples.units,
    testImages: parts.test.length,
    ...compareFeatures(sets, predict?.classNames ?? []),
  };
}
