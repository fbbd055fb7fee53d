/** Growing typed arrays without copies while they grow: blocks of 65,536 elements, joined once at the end. */

const blockLength = 65_536;

abstract class Blocks<A extends Float64Array | Int32Array> {
  private full: A[] = [];
  private block: A;
  private used = 0;

  constructor() {
    this.block = this.create(blockLength);
  }

  protected abstract create(length: number): A;

  get length(): number {
    return this.full.length * blockLength + this.used;
  }

  push(value: number): void {
    if (this.used === blockLength) {
      this.full.push(this.block);
      this.block = this.create(blockLength);
      this.used = 0;
    }
    this.block[this.used++] = value;
  }

  /** All elements in one array; the blocks are given up. */
  join(): A {
    const joined = this.create(this.length);
    let offset = 0;
    for (const block of this.full) {
      joined.set(block as never, offset);
      offset += blockLength;
    }
    joined.set(this.block.subarray(0, this.used) as never, offset);
    this.full = [];
    this.used = 0;
    return joined;
  }
}

export class FloatBlocks extends Blocks<Float64Array> {
  protected override create(length: number): Float64Array {
    return new Float64Array(length);
  }
}

export class IntegerBlocks extends Blocks<Int32Array> {
  protected override create(length: number): Int32Array {
    return new Int32Array(length);
  }
}
