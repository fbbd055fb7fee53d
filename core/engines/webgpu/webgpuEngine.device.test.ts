/** What every engine must do, by the one on the graphics adapter. */
import { describeEngine } from '../../testing/describeEngine.ts';
import { enginesUnderTest } from '../../testing/checkOp.ts';

describeEngine('the WebGPU engine', () => enginesUnderTest[0]!());
