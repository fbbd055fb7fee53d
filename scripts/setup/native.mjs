/**
 * The native accelerator (electron/native), compiled with the machine's C compiler into .cache/native. Optional: without a
 * compiler, or when it fails, one line says so, once, and training runs on WebAssembly alone.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { cacheFolder, findOnPath, modulesFolder, readJson, root, runQuietly, say, writeJson } from './places.mjs';

const sourceFolder = path.join(root, 'electron', 'native');
const headers = path.join(modulesFolder, 'node-api-headers', 'include');
const limitMs = 60_000;

/** Where the built file lies, for any platform and processor in Node's words. */
export function nativeFolder({ platform, arch } = process) {
  return path.join(cacheFolder, 'native', `${platform}-${arch}`);
}

/** The C compiler: CC, or the usual names; Windows needs a MinGW gcc or clang. */
export function findCompiler(env = process.env) {
  if (env.CC) return fs.existsSync(env.CC) ? env.CC : findOnPath(env.CC);
  return findOnPath(...(process.platform === 'win32' ? ['gcc', 'clang'] : ['cc', 'gcc', 'clang']));
}

/** GCC names contraction of multiply and add `fast`; everything else about floats stays as IEEE has it. */
const optimisation = [
  '-std=gnu11',
  '-O3',
  '-fno-math-errno',
  '-ffp-contract=fast',
  '-fvisibility=hidden',
  '-Wno-psabi',
  '-Wno-unknown-warning-option',
];

const linking = {
  darwin: ['-bundle', '-undefined', 'dynamic_lookup'],
  win32: ['-shared', '-static-libgcc'],
};

export function compilerArguments(output, { platform = process.platform } = {}) {
  const link = linking[platform] ?? ['-shared', '-fPIC'];
  return [...optimisation, ...link, `-I${headers}`, '-o', output, path.join(sourceFolder, 'contract.c')];
}

function sourceHash() {
  const hash = createHash('sha256');
  for (const name of fs.readdirSync(sourceFolder).sort()) {
    if (/\.[ch]$/.test(name)) hash.update(name).update(fs.readFileSync(path.join(sourceFolder, name)));
  }
  return hash.update(JSON.stringify(compilerArguments(''))).digest('hex');
}

/** Changes when the compiler is updated or replaced; asks no process. */
function compilerStamp(compiler) {
  if (compiler === undefined) return undefined;
  const { size, mtimeMs } = fs.statSync(compiler);
  return `${fs.realpathSync(compiler)} ${size} ${mtimeMs}`;
}

/**
 * Builds it unless that is done already, and never throws. A failure is remembered until source or compiler change.
 * @param {{ folder?: string, env?: Record<string, string | undefined>, notify?: (line: string) => void }} options
 * @returns {Promise<string | undefined>} the built file
 */
export async function buildNative({ folder = nativeFolder(), env = process.env, notify = say } = {}) {
  const file = path.join(folder, 'contract.node');
  const stampFile = path.join(folder, 'built.json');
  try {
    const compiler = findCompiler(env);
    const wanted = { source: sourceHash(), compiler: compilerStamp(compiler) };
    const stamp = readJson(stampFile);
    const isBuilt = stamp?.built === true && fs.existsSync(file);
    // What was built from this very source stays good when the compiler is gone.
    if (stamp?.source === wanted.source && isBuilt && (compiler === undefined || stamp.compiler === wanted.compiler)) return file;
    if (stamp?.source === wanted.source && stamp.built === false && stamp.compiler === wanted.compiler) return undefined;
    const failure = compiler === undefined ? 'no C compiler was found' : await compile(compiler, file);
    if (failure !== undefined) {
      fs.rmSync(file, { force: true });
      notify(`Training will run on WebAssembly alone, without the faster native accelerator: ${failure}.`);
    }
    writeJson(stampFile, { ...wanted, built: failure === undefined });
    return failure === undefined ? file : undefined;
  } catch (error) {
    notify(`The native accelerator could not be set up and is left out: ${error.message}`);
    return undefined;
  }
}

/** @returns {Promise<string | undefined>} why it failed */
async function compile(compiler, file) {
  if (!fs.existsSync(headers)) return 'the package node-api-headers is not installed';
  fs.mkdirSync(path.dirname(file), { recursive: true });
  // Two starts may build at the same time, and a running app keeps the file it has loaded.
  const temporary = `${file}.${process.pid}`;
  const { code, output, timedOut } = await runQuietly(compiler, compilerArguments(temporary), { limitMs });
  if (code === 0 && !timedOut) {
    fs.renameSync(temporary, file);
    return undefined;
  }
  fs.rmSync(temporary, { force: true });
  if (timedOut) return `${path.basename(compiler)} took longer than ${limitMs / 1000} seconds`;
  const line = output.split('\n').find((text) => /error/i.test(text)) ?? output.split('\n')[0] ?? '';
  return `${path.basename(compiler)} could not build it (${line.trim().slice(0, 200)})`;
}
