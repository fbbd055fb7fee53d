/**
 * Checks the types of several projects in one process, as a chain of project references does: a file is checked once, by
 * the first project that includes it (core by its own, which knows neither Node nor the DOM), and only its types are used
 * by those after it. Each file is read and parsed once for all. Prints one JSON line per project.
 * `node scripts/lib/types.mjs core/tsconfig.json core/tsconfig.test.json ...`
 */
import path from 'node:path';
import ts from 'typescript';
import { root } from '../setup/places.mjs';

/** Checked by svelte-check, together with the components. */
const checkedElsewhere = ['renderer/tsconfig.json'];

const parsed = new Map();
const checked = new Set();
const formatHost = { getCurrentDirectory: () => root, getCanonicalFileName: (name) => name, getNewLine: () => '\n' };

function configOf(project) {
  return ts.getParsedCommandLineOfConfigFile(
    path.join(root, project),
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
        throw new Error(ts.formatDiagnostic(diagnostic, formatHost));
      },
    },
  );
}

/** A compiler's view of the disk that remembers parsed files; whether one is a module depends on nothing that differs between projects. */
function hostOf(options) {
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (name, languageVersion, ...rest) => {
    const known = parsed.get(name);
    if (known !== undefined) return known;
    const file = read.call(host, name, languageVersion, ...rest);
    if (file !== undefined) parsed.set(name, file);
    return file;
  };
  return host;
}

function check(project) {
  const { fileNames, options, errors } = configOf(project);
  const program = ts.createProgram({ rootNames: fileNames, options, host: hostOf(options), configFileParsingDiagnostics: errors });
  const found = [...errors, ...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics()];
  for (const name of fileNames) {
    if (checked.has(name)) continue;
    checked.add(name);
    const file = program.getSourceFile(name);
    found.push(...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file));
  }
  return ts.sortAndDeduplicateDiagnostics(found);
}

for (const project of checkedElsewhere) for (const name of configOf(project).fileNames) checked.add(name);
for (const project of process.argv.slice(2)) {
  const startedAt = Date.now();
  const found = check(project);
  if (found.length > 0) process.exitCode = 1;
  const text = ts.formatDiagnostics(found, formatHost);
  process.stdout.write(`${JSON.stringify({ project, failed: found.length > 0, text, seconds: (Date.now() - startedAt) / 1000 })}\n`);
}
