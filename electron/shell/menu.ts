/**
 * The desktop window's menu. Undo and redo are not in it: they act on the focused place of the interface, which
 * has its own commands.
 */
import type { MenuItemConstructorOptions } from 'electron';

export function menuTemplate(options: { readonly platform: NodeJS.Platform; readonly packaged: boolean }): MenuItemConstructorOptions[] {
  const isMac = options.platform === 'darwin';
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const view: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    separator,
    { role: 'togglefullscreen' },
    ...(options.packaged ? [] : [separator, { role: 'reload' } as const, { role: 'toggleDevTools' } as const]),
  ];
  return [
    ...(isMac ? [{ role: 'appMenu' } as const] : [{ label: 'File', submenu: [{ role: 'quit' } as const] }]),
    { label: 'Edit', submenu: [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }, separator, { role: 'selectAll' }] },
    { label: 'View', submenu: view },
    ...(isMac ? [{ role: 'windowMenu' } as const] : []),
  ];
}
