/** How the window is made. */
import type { BrowserWindowConstructorOptions } from 'electron';
import { webPreferences } from './security.ts';
import { defaultSize, minimumSize } from './windowState.ts';
import type { WindowState } from './windowState.ts';

export function windowOptions(state: WindowState, preload: string, dark: boolean): BrowserWindowConstructorOptions {
  return {
    ...defaultSize,
    ...state.bounds,
    minWidth: minimumSize.width,
    minHeight: minimumSize.height,
    title: 'Layerbench',
    // Shown once the page is drawn; until then the colour of the theme's background.
    show: false,
    backgroundColor: dark ? '#14161a' : '#f6f7f9',
    autoHideMenuBar: true,
    webPreferences: webPreferences(preload),
  };
}
