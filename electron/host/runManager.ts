/**
 * Starts, resumes, queues and ends the runs of this process. One trains at a time, so that it has the machine to
 * itself; further ones wait in the order they were started. Runs of other processes are only watched.
 */
import { join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { ProblemError, raise } from '../../core/problem.ts';
import type { Problem } from '../../core/problem.ts';
import { checkTrainable } from '../../core/graph/checkTrainable.ts';
import { parseDocumentText, serializeDocument } from '../../core/graph/parseDocument.ts';
import type { NetworkDocument } from '../../core/graph/document.ts';
import type { PartScore, TrainingCommand } from '../../core/train/records.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import type { RunId, RunSummary } from '../contract/calls.ts';
import type { FullRun, Owner, StoredRun } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { engineProblem } from '../trainer/engines.ts';
import type { TrainedReference } from '../trainer/protocol.ts';
import { scoreInThread, startTrainer } from '../trainer/trainerThread.ts';
import { createActiveRun } from './activeRun.ts';
import type { ActiveRun } from './activeRun.ts';
import type { DataLibrary } from './dataLibrary.ts';
import { hashDocument } from './documentHash.ts';
import type { EngineTrials } from './engineTrials.ts';
import type { Emit } from './events.ts';
import type { GpuHub } from './gpuHub.ts';
import type { Log } from './log.ts';
import { isAlive } from './owner.ts';
import { nameRun } from './runNames.ts';
import { canResume, toSummary } from './runViews.ts';

const heartbeatMs = 2_000;
const shutDownMs = 3_000;

export interface StartRequest {
  readonly document: NetworkDocument;
  readonly config: RunConfig;
  readonly name?: string;
}

export interface RunManager {
  start(request: StartRequest): Promise<RunId>;
  resume(id: RunId): Promise<void>;
  command(id: RunId, command: TrainingCommand): void;
  /** An ended run with its last weights, as files. @throws ProblemError where it still trains or has saved none */
  trained(id: RunId): Promise<TrainedReference>;
  revealTest(id: RunId): Promise<{ score: PartScore; looks: number }>;
  /** @throws ProblemError when there is no such run */
  find(id: RunId): FullRun;
  /** Tells listeners that a run changed. */
  announce(id: RunId): void;
  /** Runs whose process is gone become `interrupted`. */
  collectDead(): void;
  close(): Promise<void>;
}

export interface RunManagerOptions {
  readonly store: Store;
  readonly data: DataLibrary;
  readonly libraryFolder: string;
  readonly owner: Owner;
  readonly emit: Emit;
  readonly log: Log;
  readonly gpu: GpuHub;
  /** What "auto" stands for: see `EngineTrials`. */
  readonly chooseEngine: EngineTrials['chooseEngine'];
}

export function createRunManager({ store, data, libraryFolder, owner, emit, log, gpu, chooseEngine }: RunManagerOptions): RunManager {
  let active: ActiveRun | null = null;
  let closing = false;
  const queue: RunId[] = [];
  /** Of queued runs: what "auto" stands for. */
  const engines = new Map<RunId, RunConfig['engine']>();
  let seenChanges = store.foreignChanges();

  const find = (id: RunId): FullRun =>
    store.runs.get(id) ??
    raise({ code: 'run.unknown', message: `There is no run ${id} in this library.`, where: { kind: 'run', run: id } });

  const summary = (id: RunId): RunSummary => toSummary(find(id), store.metrics.summaries({ from: id, to: id }).get(id) ?? {});

  const announce = (id: RunId): void => emit('run.changed', { run: summary(id) });

  const notify = (id: RunId, problem: Problem): void => emit('notice', { problem: { where: { kind: 'run', run: id }, ...problem } });

  const laneFor = ({ engine }: RunConfig): { gpu?: MessagePort } => (engine.kind === 'webgpu' ? { gpu: gpu.openLane() } : {});

  const launch = (id: RunId): void => {
    const run = find(id);
    const config = { ...run.config, engine: engines.get(id) ?? run.config.engine };
    engines.delete(id);
    const checkpoint = store.runs.latestCheckpoint(id);
    const trainer = startTrainer({
      document: documentOf(run),
      config,
      data: { folder: data.cacheFolder, hash: run.dataHash },
      checkpointFolder: join(libraryFolder, 'checkpoints', `run-${id}`),
      ...laneFor(config),
      ...(checkpoint === null ? {} : { resumeFrom: join(libraryFolder, checkpoint.file) }),
    });
    store.runs.change(id, { status: 'running', heartbeatAt: Date.now() });
    active = createActiveRun({
      id,
      trainer,
      store,
      libraryFolder,
      onRecords: (records, rewoundTo) => emit('run.records', { id, records, ...(rewoundTo === undefined ? {} : { rewoundTo }) }),
      onStatus: () => announce(id),
      onNotice: (problem) => notify(id, problem),
      onDefect: (stack) => log.error(`run ${id}`, stack),
      onEnd: () => {
        store.metrics.release(id);
        active = null;
        startNext();
      },
    });
    announce(id);
  };

  /** A run that cannot even be started fails by itself; the next one gets its turn. */
  const startNext = (): void => {
    while (!closing && active === null) {
      const id = queue.shift();
      if (id === undefined) return;
      try {
        launch(id);
      } catch (error) {
        log.error(`run ${id}`, error);
        const problem =
          error instanceof ProblemError
            ? error.problem
            : { code: 'internal', message: `The training could not be started: ${(error as Error).message}` };
        store.runs.change(id, { status: 'failed', problem, owner: null });
        announce(id);
      }
    }
  };

  const documentOf = (run: FullRun): NetworkDocument =>
    parseDocumentText(
      store.networks.get(run.networkHash) ??
        raise({ code: 'run.networkMissing', message: `The network of run ${run.id} is missing from the library.` }),
    );

  const trained = async (id: RunId): Promise<TrainedReference> => {
    const run = find(id);
    const checkpoint = store.runs.latestCheckpoint(id);
    if (['queued', 'running', 'paused'].includes(run.status) || checkpoint === null) {
      raise({
        code: 'run.noWeights',
        message: checkpoint === null ? `Run ${id} has saved no weights, so it cannot be used.` : `Run ${id} still trains.`,
        where: { kind: 'run', run: id },
        hint: 'Use a run that has ended.',
      });
    }
    await data.ensureCachedHash(run.dataId, run.dataHash);
    return {
      document: documentOf(run),
      config: run.config,
      data: { folder: data.cacheFolder, hash: run.dataHash },
      checkpointFile: join(libraryFolder, checkpoint.file),
    };
  };

  const chooseName = (document: NetworkDocument, config: RunConfig): string => {
    const { taken, oldest } = store.runs.namesOf(document.name);
    const first = oldest === null ? {} : { first: { config: find(oldest).config, document: documentOf(find(oldest)) } };
    return nameRun({ document, config, taken, ...first });
  };

  const isDead = (run: StoredRun, now: number): boolean => {
    if (run.owner?.pid === owner.pid && run.owner.started === owner.started) return false;
    return run.owner === null || !isAlive(run.owner, run.heartbeatAt, now);
  };

  const collectDead = (): void => {
    const now = Date.now();
    const findDead = (): StoredRun[] => store.runs.owned().filter((run) => isDead(run, now));
    if (findDead().length === 0) return;
    // Looked up again under the lock: another process may just have resumed one.
    const dead = store.transaction(() => {
      const ids = findDead().map((run) => run.id);
      for (const id of ids) store.runs.change(id, { status: 'interrupted', owner: null });
      return ids;
    });
    for (const id of dead) announce(id);
  };

  const beat = (): void => {
    try {
      if (active !== null) store.runs.change(active.id, { heartbeatAt: Date.now() });
      collectDead();
      const changes = store.foreignChanges();
      if (changes !== seenChanges) {
        seenChanges = changes;
        emit('runs.changed', {});
      }
    } catch (error) {
      log.error('heartbeat', error);
    }
  };
  const timer = setInterval(beat, heartbeatMs);
  timer.unref();

  return {
    find,
    announce,
    collectDead,

    async start({ document, config, name }) {
      if (closing) raise({ code: 'host.closing', message: 'Layerbench is being closed.' });
      const info = data.get(config.data.id);
      const { roles, problems } = await data.roles(info.id, config);
      const problem = problems[0] ?? checkTrainable(document, roles, config)[0] ?? engineProblem(config.engine, gpu.hasWindows);
      if (problem !== undefined) raise(problem);
      await data.ensureCached(info);

      const engine = await chooseEngine({ document, config }, roles);
      const hash = hashDocument(document);
      const full: RunConfig = { ...config, network: { name: document.name, hash }, data: { id: info.id, hash: info.hash } };
      const id = store.transaction(() => {
        store.networks.add({ hash, name: document.name, document: serializeDocument(document) });
        return store.runs.create({
          name: name ?? chooseName(document, full),
          status: 'queued',
          networkHash: hash,
          networkName: document.name,
          dataName: info.name,
          config: full,
          startedAt: Date.now(),
          owner,
        });
      });
      engines.set(id, engine);
      queue.push(id);
      if (active === null) startNext();
      else announce(id);
      return id;
    },

    async resume(id) {
      const asked = find(id);
      await data.ensureCachedHash(asked.dataId, asked.dataHash);
      const engine = await chooseEngine({ document: documentOf(asked), config: asked.config });
      collectDead();
      // Checked under the lock, so that two processes or two clicks never train one run twice.
      store.transaction(() => {
        const run = find(id);
        const checkpoint = store.runs.latestCheckpoint(id);
        if (!canResume(run, checkpoint !== null)) {
          raise({
            code: 'run.notResumable',
            message: `Run ${id} (${run.name}) is ${run.deleted ? 'in the trash' : run.status} and cannot be resumed.`,
            where: { kind: 'run', run: id },
            hint: 'Start a new run from its network.',
          });
        }
        store.metrics.truncateAfter(id, checkpoint?.step ?? -1);
        store.runs.change(id, {
          status: 'queued',
          problem: null,
          owner,
          heartbeatAt: Date.now(),
          step: checkpoint?.step ?? 0,
          epoch: checkpoint?.epoch ?? 0,
          elapsedMs: checkpoint?.elapsedMs ?? 0,
        });
      });
      engines.set(id, engine);
      queue.push(id);
      if (active === null) startNext();
      else announce(id);
    },

    command(id, command) {
      if (active?.id === id) {
        active.command(command);
        return;
      }
      const waiting = queue.indexOf(id);
      if (waiting >= 0 && command.type === 'stop') {
        queue.splice(waiting, 1);
        store.runs.change(id, { status: 'stopped', owner: null });
        announce(id);
        return;
      }
      const run = find(id);
      const elsewhere = run.owner !== null && run.owner.pid !== owner.pid;
      raise({
        code: 'run.notActive',
        message: elsewhere
          ? `Run ${id} trains in another Layerbench (process ${run.owner.pid}).`
          : `Run ${id} is ${run.status}, so it cannot ${wordOf(command)}.`,
        where: { kind: 'run', run: id },
        ...(elsewhere ? { hint: 'Stop it there.' } : {}),
      });
    },

    trained,

    async revealTest(id) {
      const run = find(id);
      if (run.samples?.test === 0) {
        raise({
          code: 'run.noTestPart',
          message: `The data of run ${id} has no test part.`,
          where: { kind: 'run', run: id },
          hint: 'Give the test part a share when splitting the data, then train again.',
        });
      }
      const score = await scoreInThread({ ...(await trained(id)), part: 'test', ...laneFor(run.config) }, (problem) => notify(id, problem));
      // The look is on disk before anyone sees the score.
      const looks = store.transaction(() => {
        const now = find(id);
        store.runs.change(id, { testLooks: now.testLooks + 1, scores: { ...now.scores, test: score } });
        return now.testLooks + 1;
      });
      announce(id);
      return { score, looks };
    },

    async close() {
      closing = true;
      clearInterval(timer);
      for (const id of queue.splice(0)) store.runs.change(id, { status: 'interrupted', owner: null });
      const last = active;
      if (last === null) return;
      await last.shutDown(shutDownMs);
      const { status } = find(last.id);
      if (status !== 'completed' && status !== 'failed') store.runs.change(last.id, { status: 'interrupted', owner: null });
    },
  };
}

function wordOf(command: TrainingCommand): string {
  return command.type === 'setLearningRate' ? 'change its learning rate' : command.type;
}
