import type { DeviceProfile } from './profile';

/** NVIDIA graphics cards. */
export const cuda = {
  name: 'cuda',
  label: 'CUDA',
  // Packages carry no CUDA libraries: they are larger than all the rest. They have to be installed.
  platforms: [
    {
      os: 'linux',
      arch: 'x64',
      traces: {
        files: ['libonnxruntime_providers_cuda.so'],
        absence: 'the CUDA libraries of ONNX Runtime are not installed',
      },
    },
  ],
  tryOrder: 10,
  isFallback: false,
  hasMemoryEstimate: false,
  executionProviders: ['cuda', 'cpu'],
  session: { graphOptimizationLevel: 'extended' },
  preparedWeights: 'all',
  precisions: ['full'],
  computeType: 'float32',
  attention: 'fused',
  quirks: {
    hasQuickGelu: true,
    needsPaddedChannels: false,
    hasPreciseSine: false,
    gathersStoredRows: false,
  },
  // Olive's pipelines for CUDA and ROCm save models that ONNX Runtime has optimised for them
  // (onnxruntime, docs/OperatorKernels.md).
  ownOperators: {
    names: [
      'com.microsoft::NhwcConv',
      'com.microsoft::GroupNorm',
      'com.microsoft::SkipGroupNorm',
      'com.microsoft::BiasSplitGelu',
      'com.microsoft::BiasAdd',
      'com.microsoft::PackedAttention',
      'com.microsoft::PackedMultiHeadAttention',
      'com.microsoft::GemmFloat8',
      'com.microsoft::RemovePadding',
      'com.microsoft::RestorePadding',
      'com.microsoft::FusedConv2d',
    ],
    hardware: 'NVIDIA cards',
  },
  failures: [],
} as const satisfies DeviceProfile;
