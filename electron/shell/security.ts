/** The desktop window's security settings, apart from Electron itself so that they can be tested. */
import type { Session, WebContents, WebPreferences } from 'electron';

export const scheme = 'app';
export const appOrigin = `${scheme}://layerbench`;

/** The page runs in a sandbox, sees no Node, and talks to the host through the preload bridge alone. */
export function webPreferences(preload: string): WebPreferences {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  };
}

/** The part of a frame that the sender check needs. */
export interface SenderFrame {
  readonly url: string;
  readonly parent: unknown;
}

/** Only our own page in a window's main frame may call. */
export function isTrustedSender(frame: SenderFrame | null): boolean {
  if (frame === null || frame.parent !== null) return false;
  try {
    const { protocol, host } = new URL(frame.url);
    return `${protocol}//${host}` === appOrigin;
  } catch {
    return false;
  }
}

/** No page but ours, ever: navigation, new windows and embedded contents are refused. */
export function lockContents(contents: Pick<WebContents, 'on' | 'setWindowOpenHandler'>): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** Copying to the clipboard is all that the page may do beyond its own window. */
const allowedPermissions: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

export function denyPermissions(
  session: Pick<Session, 'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'>,
): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(allowedPermissions.has(permission)));
  session.setPermissionCheckHandler((_contents, permission) => allowedPermissions.has(permission));
  session.setDevicePermissionHandler(() => false);
}
