import type { DeviceProfile } from './profile';

const NO_ADAPTER = 'no graphics adapter with a working driver was found';

const WINDOWS_DRIVER =
  'Install the newest driver of the graphics card, from its maker or with Windows Update.';

/**
 * Graphics cards of every maker, through Dawn (Vulkan, Direct3D 12 or Metal).
 *
 * What it lacks of what Easel's graphs need (onnxruntime 1.30, core/providers/webgpu/webgpu_execution_provider.cc and
 * contrib_ops/webgpu/webgpu_contrib_kernels.cc):
 * - Mish. ONNX Runtime writes Softplus, Tanh and Mul there, as ONNX defines it;
 * - float64 and sums of int64: the sines of the time embedding and the place of a prompt's end token are computed on
 *   the processor, a few hundred numbers;
 * - the operators of `int8` (QuantizeLinear, MatMulIntegerToFloat).
 *
 * Shapes may vary for it. Weights are read from their files, through the processor's memory.
 * ONNX Runtime's build for Linux on ARM does not contain it.
 */
export const webgpu = {
  name: 'webgpu',
  label: 'WebGPU',
  platforms: [
    {
      os: 'linux',
      arch: 'x64',
      card: { from: 'vulkan', through: 'Vulkan' },
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
      advice: {
        absent:
          'If this computer has a graphics card, install its driver. A container needs the card passed in, for example docker run --device /dev/dri.',
        failed:
          'Install the Vulkan driver of the graphics card: of AMD and Intel with sudo apt install mesa-vulkan-drivers (or your system’s package of Mesa), of NVIDIA its own driver.',
      },
    },
    // Dawn compiles shaders for Direct3D 12 with these.
    {
      os: 'win32',
      packageFiles: ['dxcompiler.dll', 'dxil.dll'],
      card: { from: 'vulkan', through: 'Direct3D 12' },
      advice: { absent: WINDOWS_DRIVER, failed: WINDOWS_DRIVER },
    },
    // There is no build of ONNX Runtime for Node.js for Intel's processors.
    { os: 'darwin', arch: 'arm64', card: { from: 'apple', through: 'Metal' } },
  ],
  tryOrder: 30,
  isFallback: false,
  executionProviders: ['webgpu', 'cpu'],
  session: { graphOptimizationLevel: 'extended' },
  preparedWeights: 'all',
  // Adapters without the feature shader-f16 refuse half (onnxruntime, core/providers/webgpu/shader_helper.cc).
  precisions: ['full', 'half'],
  // ONNX Runtime 1.30 has several kernels for MultiHeadAttention. On SwiftShader some of them are wrong.
  attention: 'by-trial',
  quirks: {
    hasGelu: true,
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
  // Dawn makes a buffer that is not valid where there is no memory for it, and the first use of it fails.
  outOfMemory: [
    '[Invalid Buffer',
    'exceeds the max buffer size limit',
    'Failed to create GPU buffer',
    'OUT_OF_DEVICE_MEMORY',
    'E_OUTOFMEMORY',
  ],
} as const satisfies DeviceProfile;
