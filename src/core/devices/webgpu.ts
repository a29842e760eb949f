import type { DeviceProfile } from './profile';

/** Graphics cards of every maker, through Dawn (Vulkan, Direct3D 12 or Metal). */
export const webgpu = {
  name: 'webgpu',
  label: 'WebGPU',
  platforms: [
    { os: 'linux', arch: 'x64' },
    // Dawn compiles shaders for Direct3D 12 with these.
    { os: 'win32', packageFiles: ['dxcompiler.dll', 'dxil.dll'] },
    { os: 'darwin' },
  ],
  tryOrder: 30,
  isFallback: false,
  hasMemoryEstimate: false,
  executionProviders: ['webgpu', 'cpu'],
  session: { graphOptimizationLevel: 'extended' },
  preparedWeights: 'all',
  precisions: ['full'],
  computeType: 'float32',
  // ONNX Runtime 1.30's MultiHeadAttention is wrong on SwiftShader and untested elsewhere.
  attention: 'plain',
  quirks: {
    hasQuickGelu: true,
    // ONNX Runtime 1.30.
    needsPaddedChannels: true,
    hasPreciseSine: false,
    gathersStoredRows: false,
  },
  failures: [
    {
      message: 'adapter_result',
      explanation: 'no graphics adapter with a working driver was found',
    },
  ],
} as const satisfies DeviceProfile;
