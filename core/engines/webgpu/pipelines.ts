/** Compiled shaders of a device by their text, shared by all its sessions, and how their memory is bound. */

export interface Pipelines {
  /** Binding 0 is a uniform block, 1 to `pages` are storage buffers. */
  layout(pages: number): GPUBindGroupLayout;
  /** @throws Error with the compiler's complaint and the text */
  compile(code: string, pages: number, title: string): Promise<GPUComputePipeline>;
}

/** A page that trains one network after the other keeps about so many. */
const keptPipelines = 2000;
/** GPUShaderStage.COMPUTE */
const computeStage = 0x4;

const known = new WeakMap<GPUDevice, Pipelines>();

export function pipelinesOf(device: GPUDevice): Pipelines {
  const found = known.get(device) ?? createPipelines(device);
  known.set(device, found);
  return found;
}

function createPipelines(device: GPUDevice): Pipelines {
  const layouts: GPUBindGroupLayout[] = [];
  /** The least recently used first. */
  const pipelines = new Map<string, Promise<GPUComputePipeline>>();

  function layout(pages: number): GPUBindGroupLayout {
    return (layouts[pages] ??= device.createBindGroupLayout({
      entries: Array.from({ length: pages + 1 }, (_, binding) => ({
        binding,
        visibility: computeStage,
        buffer: { type: binding === 0 ? ('uniform' as const) : ('storage' as const) },
      })),
    }));
  }

  async function build(code: string, pages: number, title: string): Promise<GPUComputePipeline> {
    device.pushErrorScope('validation');
    const module = device.createShaderModule({ label: title, code });
    const complaint = device.popErrorScope();
    const pipeline = device.createComputePipelineAsync({
      label: title,
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout(pages)] }),
      compute: { module, entryPoint: 'main' },
    });
    // One of the two fails where the text is wrong; the first says more.
    const [error, result] = await Promise.allSettled([complaint, pipeline]);
    if (error.status === 'fulfilled' && error.value !== null) {
      throw new Error(`webgpu engine: the shader of "${title}" is refused: ${error.value.message}\n${code}`);
    }
    if (result.status === 'rejected') {
      const reason = result.reason instanceof Error ? result.reason.message : String(result.reason);
      throw new Error(`webgpu engine: the shader of "${title}" does not compile: ${reason}\n${code}`);
    }
    return result.value;
  }

  return {
    layout,
    compile(code, pages, title) {
      const key = `${pages} ${code}`;
      const found = pipelines.get(key) ?? build(code, pages, title);
      pipelines.delete(key);
      pipelines.set(key, found);
      found.catch(() => pipelines.delete(key));
      for (const oldest of pipelines.keys()) {
        if (pipelines.size <= keptPipelines) break;
        pipelines.delete(oldest);
      }
      return found;
    },
  };
}
