/** Lint rules: the arrows between folders first, then what types alone do not catch. */
import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';
import { importArrows } from './scripts/lint/importArrows.mjs';

const everywhere = {
  'layerbench/import-arrows': 'error',
  'max-lines': ['error', { max: 600 }],
  'no-console': 'error',
  'no-debugger': 'error',
  'no-eval': 'error',
  'no-implied-eval': 'error',
  'no-new-func': 'error',
  'no-script-url': 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-fallthrough': 'error',
  'no-self-compare': 'error',
  'no-unreachable-loop': 'error',
  'no-duplicate-imports': ['error', { allowSeparateTypeImports: true }],
  'no-restricted-syntax': [
    'error',
    {
      selector: 'CallExpression[callee.property.name="postMessage"][arguments.length>1]',
      message:
        'Buffers are transferred only between threads of one process (electron/trainer, electron/files, renderer/gpu, workers of renderer/learn).',
    },
  ],
};

const typescript = {
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-non-null-assertion': 'off',
  '@typescript-eslint/no-empty-function': 'off',
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false }],
  '@typescript-eslint/no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none', ignoreRestSiblings: true },
  ],
};

export default tseslint.config(
  { ignores: ['dist/', 'release/', 'node_modules/', '.cache/', 'test-results/', 'playwright-report/', 'coverage/'] },
  { plugins: { layerbench: { rules: { 'import-arrows': importArrows } } }, linterOptions: { reportUnusedDisableDirectives: 'error' } },
  tseslint.configs.base,
  ...svelte.configs['flat/recommended'],
  { files: ['**/*.{js,mjs,ts,svelte}'], rules: everywhere },
  { files: ['**/*.{ts,svelte}'], plugins: { '@typescript-eslint': tseslint.plugin }, rules: typescript },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { destructuring: 'all', excludedRunes: ['$props'] }],
      // Not a SvelteKit app; and big values are plain on purpose ($state.raw).
      'svelte/no-navigation-without-resolve': 'off',
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  // Rules that need types: forgotten awaits, and switches that miss a case.
  {
    files: ['core/**/*.ts', 'electron/**/*.ts', 'renderer/**/*.ts', 'e2e/**/*.ts'],
    ignores: ['**/*.svelte.ts'],
    languageOptions: {
      parserOptions: {
        // One program over all folders: what they share is read, and its types are inferred, only once.
        project: ['scripts/lint/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/only-throw-error': 'error',
    },
  },
  { files: ['scripts/**', 'electron/cli/**', 'electron/cli.ts', 'e2e/**', '*.config.ts'], rules: { 'no-console': 'off' } },
  // A defect of ours must be seen in the developer tools; the journeys fail on it.
  { files: ['renderer/**'], rules: { 'no-console': ['error', { allow: ['error'] }] } },
  {
    files: ['electron/trainer/**', 'electron/files/**', 'renderer/gpu/**', 'renderer/learn/**/*Worker.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  { files: ['**/*.test.ts'], rules: { 'max-lines': ['error', { max: 800 }] } },
);
