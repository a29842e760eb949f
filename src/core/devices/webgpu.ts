import type { DeviceProfile } from './profile';

const NO_ADAPTER = 'no graphics adapter with a working driver was found';

/** Graphics cards of every maker, through Dawn (Vulkan, Direct3D 12 or Metal). */
export const webgpu = {
  name: 'webgpu',
  label: 'WebGPU',
  platforms: [
    {
      os: 'linux',
      arch: 'x64',
      traces: {
        // Devices of the kernel and of WSL; and where the Vulkan loader finds drivers, also those in software
        // (Vulkan-Loader, docs/LoaderDriverInterface.md, "Linux Driver Discovery").
        files: [
          '/dev/dri',
          '/dev/nvidiactl',
          '/dev/dxg',
          ...[
            ...['$XDG_CONFIG_HOME', '~/.config', '$XDG_CONFIG_DIRS', '/etc/xdg'],
            ...['/usr/local/etc', '/etc'],
            ...['$XDG_DATA_HOME', '~/.local/share', '$XDG_DATA_DIRS', '/usr/local/share'],
            ...['/usr/share', '/run/opengl-driver/share'],
          ].map((folder) => `${folder}/vulkan/icd.d`),
        ],
        variables: ['VK_DRIVER_FILES', 'VK_ICD_FILENAMES', 'VK_ADD_DRIVER_FILES'],
        absence: NO_ADAPTER,
      },
    },
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
  // Adapters without the feature shader-f16 refuse half (onnxruntime, core/providers/webgpu/shader_helper.cc).
  precisions: ['full', 'half'],
  // ONNX Runtime 1.30's MultiHeadAttention is wrong on SwiftShader and untested elsewhere.
  attention: 'plain',
  quirks: {
    hasQuickGelu: true,
    // ONNX Runtime 1.30.
    needsPaddedChannels: true,
    hasPreciseSine: false,
    gathersStoredRows: false,
    // Its softmax adds in float16, and its norms apply mean and deviation in it (onnxruntime,
    // core/providers/webgpu: math/softmax.cc, nn/layer_norm.cc, nn/instance_norm.cc).
    addsInFloat32: false,
  },
  failures: [
    {
      message: 'adapter_result',
      explanation: NO_ADAPTER,
    },
    {
      message: 'requires f16 but the device does not support it',
      explanation: 'the graphics adapter has no float16 (shader-f16)',
    },
  ],
} as const satisfies DeviceProfile;
