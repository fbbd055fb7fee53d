/**
 * What `npm run package` packs, for Linux (AppImage, deb), Windows (NSIS) and macOS (dmg). Everything of ours but the
 * database driver is bundled into dist/, so that driver is the only npm package inside.
 */
export default {
  appId: 'io.github.layerbench',
  productName: 'Layerbench',
  copyright: 'Copyright © 2026 The Layerbench authors',
  directories: { output: 'release', buildResources: 'resources/icons' },
  files: [
    'dist/renderer/**',
    'dist/electron/**',
    'resources/samples/**',
    'resources/icons/icon.png',
    'LICENSE',
    'package.json',
    '!**/*.map',
    // Node itself comes with Electron; these packages run a checkout.
    '!node_modules/node-*/**',
    // The driver without its C sources and without the builds for other machines.
    '!node_modules/better-sqlite3/{deps,src}/**',
    '!node_modules/better-sqlite3/binding.gyp',
    '!node_modules/better-sqlite3/prebuilds/!(${platform}-${arch}).node',
  ],
  // Native modules and worker threads are loaded from real files, not from inside the archive.
  asar: true,
  asarUnpack: ['dist/electron/**', 'node_modules/better-sqlite3/**', 'resources/samples/**'],
  // The accelerator that set-up built on this machine; without it the app runs on WebAssembly alone.
  extraResources: [{ from: '.cache/native/${platform}-${arch}', to: 'native/${platform}-${arch}', filter: ['contract.node'] }],
  npmRebuild: false,
  nodeGypRebuild: false,
  publish: null,
  fileAssociations: [{ ext: 'layerbench.json', name: 'Layerbench network', role: 'Editor' }],
  linux: { target: ['AppImage', 'deb'], category: 'Science', icon: 'resources/icons/icon.png', executableName: 'layerbench' },
  win: { target: ['nsis'], icon: 'resources/icons/icon.png' },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
  mac: { target: ['dmg'], category: 'public.app-category.developer-tools', icon: 'resources/icons/icon.png' },
  electronFuses: {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableCookieEncryption: true,
    onlyLoadAppFromAsar: true,
  },
};
