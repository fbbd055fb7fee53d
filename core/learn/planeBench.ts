/** A small network over the plane at work: trained batch by batch, scored, looked at unit by unit, its weights set by hand. */
import type { Engine } from '../engines/engine.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { optimizerOf } from '../optimizers/index.ts';
import { createRandom } from '../random/philox.ts';
import type { PlaneData } from './planeData.ts';
import { startPlane } from './planeNetwork.ts';
import {
  dataSlots,
  gridPoints,
  mapProgram,
  mapSlots,
  parameterSlots,
  planeParameters,
  scoreProgram,
  trainProgram,
  trainScalars,
  type Parameter,
  type PlaneTraining,
} from './planePrograms.ts';

export interface PlaneSettings extends PlaneTraining {
  readonly batchSize: number;
  readonly penaltyRate: number;
  readonly seed: number;
}

export interface PlaneScores {
  readonly trainLoss: number;
  readonly testLoss: number;
  /** Share of right answers; R² for numbers. */
  readonly trainScore: number;
  readonly testScore: number;
}

/** Cells along a side of the large map and of a unit's small one. */
export const mapSide = 64;
export const smallSide = 20;

const batchStream = 0x4c200000;

/** The rows of an epoch in the order they are trained on. */
export function epochOrder(seed: number, epoch: number, trainCount: number): Int32Array {
  const order = Int32Array.from({ length: trainCount }, (_, i) => i);
  createRandom(seed, batchStream + epoch).shuffle(order);
  return order;
}

export class PlaneBench {
  readonly parameters: readonly Parameter[];
  readonly data: PlaneData;
  /** Batches trained so far. */
  step = 0;
  #settings: PlaneSettings;
  #engine: Engine = createReferenceEngine();
  #batchSize: number;
  #scalarNames: readonly string[] = [];
  #order: Int32Array = new Int32Array(0);
  #orderEpoch = -1;
  /** Rows of the present epoch that are done. */
  #position = 0;
  #epoch = 0;

  private constructor(settings: PlaneSettings, data: PlaneData) {
    this.#settings = settings;
    this.data = data;
    this.#batchSize = Math.min(settings.batchSize, data.trainCount);
    this.parameters = planeParameters(settings.network);
  }

  /** @param previous the same network before a setting of its training changed: its weights and its epoch are kept */
  static async create(settings: PlaneSettings, data: PlaneData, previous?: PlaneBench): Promise<PlaneBench> {
    const bench = new PlaneBench(settings, data);
    await bench.#load();
    if (previous === undefined) {
      for (const [slot, values] of startPlane(settings.network, settings.seed)) await bench.#engine.write(slot, values);
    } else await bench.#continue(previous);
    return bench;
  }

  /** Epochs that are complete. */
  get epoch(): number {
    return this.#epoch;
  }

  async #load(): Promise<void> {
    const { network } = this.#settings;
    const tail = this.data.trainCount % this.#batchSize;
    const train = trainProgram('train', this.#batchSize, this.#settings, this.data);
    this.#scalarNames = train.scalarNames;
    await this.#engine.load({
      programs: {
        train,
        ...(tail === 0 ? {} : { trainTail: trainProgram('trainTail', tail, this.#settings, this.data) }),
        score: scoreProgram(network, this.data),
        map: mapProgram('map', network, mapSide),
        small: mapProgram('small', network, smallSide),
      },
      slots: [
        ...parameterSlots(this.#settings),
        ...dataSlots(this.data),
        ...mapSlots('map', network, mapSide),
        ...mapSlots('small', network, smallSide),
      ],
      seed: this.#settings.seed,
    });
    await this.#engine.write('data/points', this.data.points);
    await this.#engine.write('data/targets', this.data.targets);
    await this.#engine.write('map/points', gridPoints(this.data.bounds, mapSide));
    await this.#engine.write('small/points', gridPoints(this.data.bounds, smallSide));
  }

  async #continue(previous: PlaneBench): Promise<void> {
    const states = (settings: PlaneSettings): readonly string[] => optimizerOf(settings.optimizer).stateNames(settings.optimizer);
    const sameRule = previous.#settings.optimizer.type === this.#settings.optimizer.type;
    const kept = sameRule ? states(this.#settings).filter((state) => states(previous.#settings).includes(state)) : [];
    for (const { slot } of this.parameters) {
      for (const name of [slot, ...kept.map((state) => `${slot}/${state}`)]) {
        await this.#engine.write(name, await previous.#engine.read(name));
      }
    }
    this.step = sameRule ? previous.step : 0;
    this.#epoch = previous.#epoch;
  }

  /** The next batch. @returns whether it ended an epoch */
  async trainBatch(): Promise<boolean> {
    const { trainCount } = this.data;
    if (this.#orderEpoch !== this.#epoch) {
      this.#order = epochOrder(this.#settings.seed, this.#epoch, trainCount);
      this.#orderEpoch = this.#epoch;
      this.#position = 0;
    }
    const rows = this.#order.subarray(this.#position, Math.min(this.#position + this.#batchSize, trainCount));
    const program = rows.length === this.#batchSize ? 'train' : 'trainTail';
    await this.#engine.run(program, { steps: 1, firstStep: this.step, rows, scalars: this.#scalars() });
    this.step++;
    this.#position += rows.length;
    const ended = this.#position === trainCount;
    if (ended) this.#epoch++;
    return ended;
  }

  async trainEpoch(): Promise<void> {
    while (!(await this.trainBatch()));
  }

  #scalars(): Float32Array {
    const { optimizer, penaltyRate } = this.#settings;
    return trainScalars(this.#scalarNames, optimizer, this.step, penaltyRate);
  }

  /** Rates may change at any time; what else is in the settings is built into the programs. */
  setRates(settings: PlaneSettings): void {
    this.#settings = { ...this.#settings, optimizer: settings.optimizer, penaltyRate: settings.penaltyRate };
  }

  async scores(): Promise<PlaneScores> {
    await this.#engine.run('score', { steps: 1, firstStep: 0 });
    const [trainLoss = NaN, testLoss = NaN, trainScore = NaN, testScore = NaN] = await this.#engine.read('score');
    return { trainLoss, testLoss, trainScore, testScore };
  }

  /** (units, mapSide²) of a layer: 0 the inputs, the last one the output's answers. */
  async map(layer: number, from = 0, units?: number): Promise<Float32Array> {
    await this.#engine.run('map', { steps: 1, firstStep: 0 });
    const size = mapSide * mapSide;
    const read = await this.#engine.read(`map/${layer}`, from * size, units === undefined ? undefined : units * size);
    return read as Float32Array;
  }

  /** (units, smallSide²) of every layer. */
  async smallMaps(): Promise<Float32Array[]> {
    await this.#engine.run('small', { steps: 1, firstStep: 0 });
    const count = this.parameters.length / 2 + 1;
    const maps: Float32Array[] = [];
    for (let layer = 0; layer < count; layer++) maps.push((await this.#engine.read(`small/${layer}`)) as Float32Array);
    return maps;
  }

  /** By parameter, in their order: weight (units, inputs), bias (units) of every layer. */
  async weights(): Promise<Float32Array[]> {
    const all: Float32Array[] = [];
    for (const { slot } of this.parameters) all.push((await this.#engine.read(slot)) as Float32Array);
    return all;
  }

  async setWeight(parameter: number, index: number, value: number): Promise<void> {
    await this.#engine.write(this.parameters[parameter]!.slot, Float32Array.of(value), index);
  }

  async dispose(): Promise<void> {
    await this.#engine.dispose();
  }
}
