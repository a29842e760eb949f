import { cudaSupport } from './cuda-support';
import type { DeviceProfile } from './profile';

/** NVIDIA graphics cards. */
export const cuda = {
  name: 'cuda',
  label: 'CUDA',
  platforms: [
    { os: 'linux', arch: 'x64', support: cudaSupport, card: { from: 'nvidia', through: 'CUDA' } },
  ],
  tryOrder: 10,
  isFallback: false,
  executionProviders: ['cuda', 'cpu'],
  session: { graphOptimizationLevel: 'extended' },
  preparedWeights: 'all',
  precisions: ['full', 'half'],
  attention: 'by-trial',
  quirks: {
    hasGelu: true,
    hasQuickGelu: true,
    needsPaddedChannels: false,
    hasPreciseSine: false,
    gathersStoredRows: false,
    // onnxruntime, core/providers/cuda: nn/instance_norm.cc, nn/layer_norm.cc, math/softmax.cc.
    addsInFloat32: true,
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
  // cudaError_t, as CUDA's driver_types.h numbers it.
  failures: [
    {
      message: 'CUDA failure 35:',
      explanation: `the NVIDIA driver is older than ${cudaSupport.driver.oldest}, which CUDA 13 needs`,
    },
    { message: 'CUDA failure 100:', explanation: 'no NVIDIA card was found' },
    {
      message: 'CUDA failure 209:',
      explanation: 'CUDA 13 does not support cards before the Turing generation of 2018',
    },
  ],
  // onnxruntime, core/framework/bfc_arena.cc; cudaErrorMemoryAllocation; the status of cuBLAS and of cuDNN.
  outOfMemory: [
    'Failed to allocate memory for requested buffer',
    'ran out of memory trying to allocate',
    'CUDA failure 2:',
    'STATUS_ALLOC_FAILED',
    'CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED',
  ],
} as const satisfies DeviceProfile;
