import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepareData } from '../../core/data/prepare.ts';
import { defaultRunConfig } from '../../core/train/defaults.ts';
import { listSamples, loadSample } from './samples.ts';

const resources = path.resolve(import.meta.dirname, '../../resources');

/** Read once for all tests. */
const fashionMnist = loadSample(resources, 'fashion-mnist');

describe('sample data sets', () => {
  it('are listed as they load, with their licence beside them', async () => {
    const infos = listSamples(resources);
    expect(infos.map((info) => info.id)).toEqual(['fashion-mnist', 'penguins']);
    for (const info of infos) {
      const dataSet = info.id === 'fashion-mnist' ? await fashionMnist : await loadSample(resources, info.id);
      expect(dataSet.info).toEqual(info);
      expect(dataSet.columns.map((column) => column.info)).toEqual(info.columns);
      expect(fs.existsSync(path.join(resources, 'samples', info.id, 'LICENSE'))).toBe(true);
    }
  });

  it('hold 20,000 and 10,000 images of ten equally frequent classes', async () => {
    const { info, columns } = await fashionMnist;
    expect(info).toMatchObject({ rowCount: 30_000, testFrom: 20_000, defaultTarget: 'label' });
    const [image, label] = columns;
    expect(image!.values.length).toBe(30_000 * 784);
    const inTest = new Int32Array(10);
    for (const code of (label!.values as Int32Array).subarray(20_000)) inTest[code]!++;
    expect([...inTest]).toEqual(new Array(10).fill(1000));
    // The first training image is an ankle boot, the first test image too.
    expect(label!.info.categories![label!.values[0] as number]).toBe('Ankle boot');
    expect(label!.info.categories![label!.values[20_000] as number]).toBe('Ankle boot');
  });

  it('are ready to train with their default config', async () => {
    const fashion = await fashionMnist;
    const images = prepareData(fashion, defaultRunConfig(fashion.info, { network: 'mlp' }));
    expect([images.parts.train.length, images.parts.validation.length, images.parts.test.length]).toEqual([18_000, 2_000, 10_000]);
    const penguins = await loadSample(resources, 'penguins');
    const table = prepareData(penguins, defaultRunConfig(penguins.info, { network: 'mlp' }));
    expect(table.inputs[0]!.rowShape).toEqual([10]);
    expect(table.target.role.classNames).toEqual(['Adelie', 'Chinstrap', 'Gentoo']);
    expect(table.notices).toEqual([]);
  });

  it('are refused when unknown, missing or damaged', async () => {
    await expect(loadSample(resources, 'mnist')).rejects.toThrow('There is no sample data set "mnist". There are fashion-mnist, penguins.');
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layerbench-samples-'));
    try {
      expect(() => listSamples(folder)).toThrow('does not exist');
      fs.cpSync(path.join(resources, 'samples'), path.join(folder, 'samples'), { recursive: true });
      const csv = path.join(folder, 'samples/penguins/penguins.csv');
      fs.writeFileSync(csv, fs.readFileSync(csv, 'utf8').replace('39.1', '39.2'));
      await expect(loadSample(folder, 'penguins')).rejects.toMatchObject({ problem: { code: 'sample.damaged' } });
      fs.writeFileSync(path.join(folder, 'samples/fashion-mnist/test-images.idx.gz'), 'no gzip');
      await expect(loadSample(folder, 'fashion-mnist')).rejects.toMatchObject({ problem: { code: 'sample.damaged' } });
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});
