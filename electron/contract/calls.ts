/**
 * The whole contract between interface and host. Handler map, router, preload bridge and client are mapped types
 * derived from `Calls`; a new call edits this file and one handler (plus its argument schema beside the handler).
 * Types only: nothing here exists at run time.
 */
import type { ColumnInfo, DataSetInfo, DataRole } from '../../core/data/dataSet.ts';
import type { NetworkDocument } from '../../core/graph/document.ts';
import type { Problem } from '../../core/problem.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import type { MetricName, PartScore, TrainingCommand, TrainingRecord } from '../../core/train/records.ts';
import type { EngineInfo, EngineKind } from '../../core/engines/engine.ts';
import type { GpuAdapter } from '../../core/engines/webgpu/adapter.ts';
import type { KernelDescription } from '../../core/plan/describeKernel.ts';
import type { RatePoint, RateSearch } from '../../core/train/rateRange.ts';
import type { StepSpeed } from '../../core/train/trial.ts';
import type { Forecast, ImageSheet, NodeAnswers, UseAbilities, UseAnswer, UseField, UseItem, UseRow } from '../../core/use/answers.ts';
import type { Composition, CompositionRequest } from '../../core/explain/composition.ts';
import type { Derivation, DerivationRequest } from '../../core/explain/derivation.ts';
import type { Edit } from '../../core/explain/record.ts';
import type { ExplainState, ExplainView } from '../../core/explain/view.ts';
import type { LayerCost } from '../../core/learn/cost.ts';
import type { RaceOutcome, RaceProgress, RaceRequest } from '../../core/learn/raceBench.ts';
import type { ScoreProblem } from '../../core/use/scoreTable.ts';
import type { Trajectory } from '../../core/use/trajectory.ts';

export type { Forecast, ImageSheet, NodeAnswers, UseAbilities, UseAnswer, UseField, UseItem, UseRow };

export type { LayerCost, Composition, Derivation, Edit, ExplainState, ExplainView, RaceOutcome, Trajectory };

export type DocumentId = string;
export type RunId = number;
export type UploadId = string;
export type DownloadId = string;

export interface AppInfo {
  readonly version: string;
  readonly shell: 'desktop' | 'browser';
  /** Where the library lies, for the settings page. */
  readonly libraryFolder: string;
  readonly cores: number;
  /** What a run can ask for; "auto" takes the first. WebGPU is among them while a window offers an adapter. */
  readonly engines: readonly EngineKind[];
  /** What windows offer to compute on, the one that is used first. */
  readonly gpu: readonly GpuAdapter[];
  /** Why there is none. */
  readonly gpuNotice?: Problem;
  /** Of the native engine: `AVX-512`. */
  readonly accelerator?: string;
  /** Why there is no native engine. */
  readonly acceleratorNotice?: Problem;
  /** True until a document was opened or a run started in this library. */
  readonly firstStart: boolean;
}

export interface Settings {
  readonly theme: 'system' | 'light' | 'dark';
  /** Scale of all text, 1 = normal; larger for projectors. */
  readonly textScale: number;
  /** Open tabs, chosen place, panel widths: whatever the interface wants back after a restart. */
  readonly workspace: Readonly<Record<string, unknown>>;
}

/** A document on the canvas with the run config it will be trained with. */
export interface DocumentState {
  readonly id: DocumentId;
  readonly document: NetworkDocument;
  /** Absent while no data set is chosen. */
  readonly config?: RunConfig;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  /** The run last started from this document, and whether the document changed since. */
  readonly lastRun?: { readonly id: RunId; readonly edited: boolean };
}

export interface DocumentSummary {
  readonly id: DocumentId;
  readonly name: string;
  readonly savedAt: number;
  readonly layerCount: number;
  readonly dataSet?: string;
}

export interface SampleNetwork {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly family: 'image' | 'generative' | 'table' | 'sequence' | 'graph';
  /** The data set it is made for. */
  readonly dataSet: string;
  /** What its training wants other than the defaults, by path of the run config, in this order. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface DataPreviewRow {
  readonly row: number;
  /** Text as shown, one per previewed column; images as their first columns' label with `images` beside. */
  readonly cells: readonly (string | null)[];
}

export interface DataPreview {
  readonly columns: readonly ColumnInfo[];
  readonly rows: readonly DataPreviewRow[];
  readonly total: number;
  /** Image data sets: one gray or RGB byte image per row, row-major, C × H × W each. */
  readonly images?: { readonly shape: readonly [number, number, number]; readonly bytes: Uint8Array };
}

/** Distribution of one column, for its small histogram. */
export interface ColumnSummary {
  readonly column: string;
  readonly missing: number;
  readonly distinct: number;
  readonly mean?: number;
  readonly median?: number;
  readonly standardDeviation?: number;
  readonly bins?: readonly { readonly from: number; readonly to: number; readonly count: number }[];
  readonly counts?: readonly { readonly category: string; readonly count: number }[];
}

/** How a CSV would be read, before it is imported. */
export interface CsvInspection {
  readonly upload: UploadId;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly delimiter: string;
  readonly hasHeader: boolean;
  readonly rowCount: number;
  readonly columns: readonly ColumnInfo[];
  readonly rows: readonly (readonly string[])[];
  readonly suggestedTarget: string;
}

/** How a file of running text would be read. */
export interface TextInspection {
  readonly upload: UploadId;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly characters: number;
  /** The different characters; none where it is a table that would make no text. */
  readonly alphabet: readonly string[];
  readonly start: string;
  /** Its lines are divided alike, so it is offered as a table first. */
  readonly looksLikeTable: boolean;
}

/** A stretch of a text, from one line's beginning to another's where lines are short enough. */
export interface TextStretch {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export interface CsvImport {
  readonly upload: UploadId;
  readonly name: string;
  readonly hasHeader: boolean;
  readonly target: string;
  /** Columns whose detected type the user changed. */
  readonly types: Readonly<Record<string, 'number' | 'category' | 'text'>>;
}

/** The data set as the given preparation makes it: what Input and Output can be bound to. */
export interface DataRoles {
  readonly roles: readonly DataRole[];
  readonly parts: { readonly train: number; readonly validation: number; readonly test: number };
  /** What was fitted on the training part, per used column, for display. */
  readonly fitted: readonly { readonly column: string; readonly becomes: string; readonly features: number }[];
  /** What stops training. */
  readonly problems: readonly Problem[];
  /** What one should know and training can live with, as rows left out. */
  readonly notices: readonly Problem[];
}

/** `queued`: one run trains at a time in one process; a further one waits and starts by itself. */
export type RunStatus = 'queued' | 'running' | 'paused' | 'completed' | 'stopped' | 'failed' | 'interrupted';

export interface RunSummary {
  readonly id: RunId;
  readonly name: string;
  readonly note: string;
  readonly status: RunStatus;
  readonly network: string;
  readonly dataSet: string;
  readonly startedAt: number;
  readonly elapsedMs: number;
  readonly step: number;
  readonly totalSteps: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly parameterCount: number;
  /** Last and best value of each metric. */
  readonly summary: Readonly<Record<MetricName, { readonly last: number; readonly best: number; readonly bestStep: number }>>;
  readonly testLooks: number;
  /** Why it failed. */
  readonly problem?: Problem;
  readonly deleted: boolean;
}

export interface RunDetails extends RunSummary {
  readonly config: RunConfig;
  readonly document: NetworkDocument;
  readonly documentHash: string;
  readonly dataHash: string;
  readonly engine: EngineInfo | null;
  readonly samples: { readonly train: number; readonly validation: number; readonly test: number } | null;
  readonly scores: { readonly train?: PartScore; readonly validation?: PartScore; readonly test?: PartScore };
  readonly canResume: boolean;
}

export interface MetricSeries {
  readonly name: MetricName;
  /** Parallel arrays; thinned to at most the asked number of points by min/max/last buckets. */
  readonly steps: Float64Array;
  readonly values: Float64Array;
}

/** How fast one engine trains a network on this machine, or why it could not be measured. */
export interface EngineSpeed {
  readonly choice: RunConfig['engine'];
  readonly engine?: EngineInfo;
  readonly speed?: StepSpeed;
  readonly problem?: Problem;
}

/** What a training becomes before it runs. */
export interface TrainingPlan {
  /** Of one training step, in order. */
  readonly kernels: readonly KernelDescription[];
  /** Weights, optimizer states, data, rings. */
  readonly slotBytes: number;
  /** Everything between: activations, gradients, shared where lifetimes allow. */
  readonly arenaBytes: number;
  readonly batchSize: number;
  readonly trainingRows: number;
  /** Contractions are computed by the native accelerator. */
  readonly native: boolean;
}

export type KernelLanguage = 'wasm' | 'wgsl';

export interface KernelText {
  readonly language: KernelLanguage;
  readonly text: string;
}

/** Time of each kernel of a training step by itself, on one thread: the median over so many steps. */
export interface KernelMeasurement {
  readonly engine: EngineInfo;
  readonly kernelMs: readonly number[];
  readonly steps: number;
}

/** A network with the config it would be trained with; need not be saved. */
export interface Trainable {
  readonly document: NetworkDocument;
  readonly config: RunConfig;
}

/** A file that waits to be fetched with `use.download`. */
export interface Download {
  readonly download: DownloadId;
  readonly fileName: string;
  readonly sizeBytes: number;
}

/** A file with the predictions of a run: its own columns, then `prediction` and `probability`. */
export interface ScoredFile extends Download {
  readonly rows: number;
  /** Header and first rows of the result, for a look before it is saved. */
  readonly columns: readonly string[];
  readonly head: readonly (readonly string[])[];
  /** How often each class or label was predicted; none for numbers. */
  readonly counts: readonly { readonly name: string; readonly count: number }[];
  /** Numbers predicted, over all rows. */
  readonly range?: { readonly min: number; readonly mean: number; readonly max: number };
  /** Cells that are no numbers, unknown categories, further columns. Nothing of it stopped the scoring. */
  readonly problems: readonly ScoreProblem[];
}

/** A finished run at work: what it can do. */
export interface UseDescription extends UseAbilities {
  readonly run: RunId;
  /** Of its checkpoint: how far it had been trained. */
  readonly step: number;
  readonly engine: EngineInfo;
}

/** Chosen by who asks, so that progress and cancelling find the job. */
export type UseJobId = string;

export interface SampleRequest {
  readonly run: RunId;
  readonly job: UseJobId;
  /** At most 1,024. */
  readonly count: number;
  readonly seed: number;
  /** Diffusion. Default ddim with 50 steps. */
  readonly sampler?: 'ddpm' | 'ddim';
  readonly steps?: number;
  /** A class name, or `each`: every class in turn. */
  readonly class?: string;
  /** 0: none; eps = (1 + w) · eps(class) − w · eps(none). */
  readonly guidance?: number;
}

/** The first image of the same request of `use.sample`, on its way. */
export type TrajectoryRequest = Omit<SampleRequest, 'count'>;

export interface GenerateRequest {
  readonly run: RunId;
  readonly job: UseJobId;
  readonly prompt: string;
  readonly tokens: number;
  /** 0: always the likeliest. */
  readonly temperature: number;
  /** Only the k likeliest; 0: all. */
  readonly topK: number;
  readonly seed: number;
}

export interface Calls {
  'app.info': { args: Record<never, never>; result: AppInfo };
  'settings.get': { args: Record<never, never>; result: Settings };
  'settings.set': { args: { readonly change: Partial<Settings> }; result: Settings };

  'documents.list': { args: { readonly deleted?: boolean }; result: readonly DocumentSummary[] };
  'documents.samples': { args: Record<never, never>; result: readonly SampleNetwork[] };
  'documents.open': { args: { readonly id: DocumentId }; result: DocumentState };
  /** A new document, from a sample network, from an exported file's JSON, from a run's network, or empty. */
  'documents.create': {
    args: { readonly from: { readonly sample: string } | { readonly json: string } | { readonly run: RunId } | { readonly empty: string } };
    result: DocumentState;
  };
  'documents.save': {
    args: { readonly id: DocumentId; readonly document: NetworkDocument; readonly config?: RunConfig };
    result: { readonly savedAt: number };
  };
  'documents.delete': { args: { readonly id: DocumentId }; result: null };
  'documents.restore': { args: { readonly id: DocumentId }; result: null };

  'data.list': { args: { readonly deleted?: boolean }; result: readonly DataSetInfo[] };
  'data.get': { args: { readonly id: string }; result: DataSetInfo };
  'data.preview': { args: { readonly id: string; readonly offset: number; readonly count: number }; result: DataPreview };
  /** Characters of a text from about `offset` on. */
  'data.text': { args: { readonly id: string; readonly offset: number; readonly count: number }; result: TextStretch };
  'data.columnSummary': { args: { readonly id: string; readonly column: string }; result: ColumnSummary };
  /** Default run config for a data set: target, task, split, preparation, loss, optimizer, epochs. */
  'data.defaultConfig': { args: { readonly id: string; readonly network: string; readonly target?: string }; result: RunConfig };
  'data.roles': {
    args: { readonly id: string } & Pick<RunConfig, 'preparation' | 'split' | 'task'>;
    result: DataRoles;
  };
  'data.upload': { args: { readonly fileName: string; readonly sizeBytes: number }; result: { readonly upload: UploadId } };
  /** At most `maxChunkBytes` (core/exchange/frames.ts) per chunk, in order. */
  'data.uploadChunk': { args: { readonly upload: UploadId; readonly bytes: Uint8Array }; result: { readonly received: number } };
  'data.inspectCsv': { args: { readonly upload: UploadId; readonly hasHeader?: boolean }; result: CsvInspection };
  'data.importCsv': { args: CsvImport; result: DataSetInfo };
  'data.inspectText': { args: { readonly upload: UploadId }; result: TextInspection };
  'data.importText': { args: { readonly upload: UploadId; readonly name: string }; result: DataSetInfo };
  /** Ends an upload, an inspection or an import and forgets its file. */
  'data.cancelUpload': { args: { readonly upload: UploadId }; result: null };
  'data.delete': { args: { readonly id: string }; result: null };
  'data.restore': { args: { readonly id: string }; result: null };

  /** Trains the saved document with its saved config; queued while another run of this process trains. */
  'runs.start': { args: { readonly document: DocumentId }; result: { readonly id: RunId } };
  'runs.resume': { args: { readonly id: RunId }; result: null };
  'runs.command': { args: { readonly id: RunId; readonly command: TrainingCommand }; result: null };
  /** Newest first, at most 1,000; `before` continues with those older than that run. */
  'runs.list': { args: { readonly deleted?: boolean; readonly before?: RunId }; result: readonly RunSummary[] };
  'runs.get': { args: { readonly id: RunId }; result: RunDetails };
  'runs.metrics': {
    args: { readonly id: RunId; readonly names?: readonly MetricName[]; readonly maxPoints: number };
    result: readonly MetricSeries[];
  };
  'runs.rename': { args: { readonly id: RunId; readonly name: string }; result: null };
  'runs.note': { args: { readonly id: RunId; readonly note: string }; result: null };
  'runs.delete': { args: { readonly ids: readonly RunId[] }; result: null };
  'runs.restore': { args: { readonly ids: readonly RunId[] }; result: null };
  /** Scores the sealed test part once more; every call counts as one look. */
  'runs.revealTest': { args: { readonly id: RunId }; result: { readonly score: PartScore; readonly looks: number } };

  /** Every engine and thread count of this machine for under a second each, as an activity; refused while a run trains. */
  'engines.measure': { args: Trainable; result: readonly EngineSpeed[] };
  'engines.plan': { args: Trainable; result: TrainingPlan };
  /** The text of the kernel with this index in the plan, in the language of the chosen engine. */
  'engines.kernelText': { args: Trainable & { readonly kernel: number }; result: KernelText };
  'engines.measureKernels': { args: Trainable; result: KernelMeasurement };
  /**
   * Trains a few steps with growing learning rates, as an activity that says its points in `rate.points`; refused while a run
   * trains. Nothing of it is kept.
   */
  'engines.findRate': { args: Trainable; result: RateSearch };
  /** Ends the measurement or search that runs. */
  'engines.cancel': { args: Record<never, never>; result: null };

  /**
   * Predicts every row of an uploaded CSV or IDX file with a run's last weights, as an activity named by the upload. The
   * upload is forgotten afterwards.
   */
  'use.scoreUpload': {
    args: { readonly run: RunId; readonly upload: UploadId; readonly perClass?: boolean };
    result: ScoredFile;
  };
  'use.cancelScore': { args: { readonly upload: UploadId }; result: null };
  /** The trained network with its preparation as one JavaScript file without dependencies. */
  'use.exportModel': { args: { readonly run: RunId }; result: Download };
  /** At most `maxChunkBytes` from `offset` on. */
  'use.download': { args: { readonly download: DownloadId; readonly offset: number }; result: { readonly bytes: Uint8Array } };
  /** Forgets the file. */
  'use.endDownload': { args: { readonly download: DownloadId }; result: null };

  /**
   * A finished run at work. The first call for a run loads it; the last used run stays loaded. Calls with a `job` say
   * `use.progress` and end with `job.cancelled` after `use.cancel`.
   */
  'use.describe': { args: { readonly run: RunId }; result: UseDescription };
  'use.rows': { args: { readonly run: RunId; readonly rows: readonly number[] }; result: readonly UseRow[] };
  /** At most 256 items. */
  'use.predict': { args: { readonly run: RunId; readonly items: readonly UseItem[] }; result: readonly UseAnswer[] };
  /** `prompt` as it was read: without characters the network has never seen. */
  'use.generate': { args: GenerateRequest; result: { readonly prompt: string; readonly text: string } };
  'use.translate': {
    args: { readonly run: RunId; readonly text: string };
    result: { readonly text: string; readonly probability: number };
  };
  /** `row`: the first to be forecast; default behind the end of the series. */
  'use.forecast': { args: { readonly run: RunId; readonly row?: number }; result: Forecast };
  'use.nodes': { args: { readonly run: RunId }; result: NodeAnswers };
  'use.sample': { args: SampleRequest; result: ImageSheet };
  /** Diffusion only: up to 60 of the steps, with what the network takes for noise in each. */
  'use.trajectory': { args: TrajectoryRequest; result: Trajectory };
  'use.cancel': { args: { readonly job: UseJobId }; result: null };
  /** Forgets the loaded run. */
  'use.close': { args: Record<never, never>; result: null };

  /**
   * One step of training taken apart, on samples of the user's choice: a run with its last weights, or a network with its
   * seed's start weights. No rows: the first of validation. A machine stays open until four later ones were opened.
   */
  'explain.open': {
    args: { readonly of: { readonly run: RunId } | Trainable; readonly rows: readonly number[]; readonly mode?: ExplainView['mode'] };
    result: ExplainView;
  };
  /** At most 1,000,000 numbers. */
  'explain.read': {
    args: { readonly machine: number; readonly values: readonly number[] };
    result: readonly (Float32Array | Int32Array)[];
  };
  /** Why a number has the gradient it has. */
  'explain.derive': { args: { readonly machine: number; readonly request: DerivationRequest }; result: Derivation };
  /** What a number was computed from. */
  'explain.compose': { args: { readonly machine: number; readonly request: CompositionRequest }; result: Composition };
  /** Numbers changed by hand, all of them at once; what follows is computed from them. */
  'explain.change': { args: { readonly machine: number; readonly edits: readonly Edit[] }; result: ExplainState };
  /** The updated weights become the weights. */
  'explain.advance': { args: { readonly machine: number }; result: ExplainState };
  'explain.back': { args: { readonly machine: number }; result: ExplainState };
  'explain.close': { args: { readonly machine: number }; result: null };
  /** What a gradient of the network costs, layer by layer, for one sample. */
  'explain.cost': { args: Trainable; result: readonly LayerCost[] };

  /**
   * Optimizers raced over a network's loss from its seed's start weights, and a map of the loss around their paths. What would
   * take longer than some seconds is only estimated, until it is confirmed. Says `race.progress`; a new one ends the one that
   * runs. Ends with `job.cancelled` after `race.cancel`.
   */
  'race.run': { args: Trainable & RaceRequest & { readonly job: string; readonly confirmed: boolean }; result: RaceOutcome };
  'race.cancel': { args: { readonly job: string }; result: null };
}

export type CallName = keyof Calls;
export type CallArgs<K extends CallName> = Calls[K]['args'];
export type CallResult<K extends CallName> = Calls[K]['result'];

/** What the host says unasked. */
export interface Events {
  /** About every 100 ms while a run trains. Where `rewoundTo` stands, what was known after that step no longer counts. */
  'run.records': { readonly id: RunId; readonly records: readonly TrainingRecord[]; readonly rewoundTo?: number };
  /** A run started, paused, went on, finished, failed, was renamed or deleted. */
  'run.changed': { readonly run: RunSummary };
  'runs.changed': Record<never, never>;
  'documents.changed': Record<never, never>;
  'data.changed': Record<never, never>;
  /** Long jobs: import, scoring. `done` of `total`, in `unit`. */
  activity: {
    readonly id: string;
    readonly title: string;
    readonly done: number;
    readonly total: number;
    readonly unit: string;
    readonly state: 'running' | 'done' | 'cancelled' | 'failed';
  };
  /** All points so far of the search for a learning rate that runs. */
  'rate.points': { readonly points: readonly RatePoint[] };
  /** About every 150 ms while a job of `use` works: what is there by now. */
  'use.progress': {
    readonly job: UseJobId;
    readonly done: number;
    readonly total: number;
    readonly unit: 'tokens' | 'steps';
    /** All text written so far, without the prompt. */
    readonly text?: string;
    /** Diffusion: the images as they are now. */
    readonly images?: ImageSheet;
  };
  /** About every 150 ms while a race runs. */
  'race.progress': { readonly job: string } & RaceProgress;
  notice: { readonly problem: Problem };
  /** A window began or ceased to offer a graphics adapter. */
  'gpu.changed': Pick<AppInfo, 'gpu' | 'gpuNotice' | 'engines'>;
}

export type EventName = keyof Events;

/** Handlers, one per call; `K` keeps arguments and result together. */
export type Handlers = { readonly [K in CallName]: (args: CallArgs<K>) => Promise<CallResult<K>> | CallResult<K> };

/** What travels back over either transport. */
export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

/** The object that preload puts on `window.layerbench` and the WebSocket client imitates. */
export interface Bridge {
  call<K extends CallName>(name: K, args: CallArgs<K>): Promise<Reply<CallResult<K>>>;
  on<K extends EventName>(name: K, listener: (event: Events[K]) => void): () => void;
  /** Connection to the host, for the status line; the desktop shell is always connected. */
  onConnection(listener: (connected: boolean) => void): () => void;
  /** Desktop shell: the page then gets a `message` event from itself with a port to the host, for the graphics engine. */
  requestGpuPort?(): void;
}

/** One call on the WebSocket of the browser shell; `id` is chosen by the client and comes back with the reply. */
export interface CallFrame {
  readonly id: number;
  readonly name: CallName;
  readonly args: unknown;
}

/** What the browser shell sends; both ways through `encodeFrame` and `decodeFrame` of core/exchange/frames.ts. */
export type HostFrame =
  | { readonly id: number; readonly reply: Reply<unknown> }
  | { [K in EventName]: { readonly event: K; readonly value: Events[K] } }[EventName];
