/**
 * Gives core's batteries the native accelerator where it has been built: core imports no other folder, so each test
 * file finds it in a global of this name (core/testing/checkOp.ts).
 */
import { loadNative } from '../../electron/native/loadNative.ts';

Object.assign(globalThis, { acceleratorUnderTest: loadNative().accelerator });
